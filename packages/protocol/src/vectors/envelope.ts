import {
  EnvelopeOpenError,
  importEnvelopeKey,
  openEnvelope,
  sealEnvelope,
} from "../envelope/index.js";
import type { EnvelopeBinding, EnvelopeField } from "../envelope/shape.js";
import { canonicalJson, type JsonValue } from "../json.js";

/** `vectors/envelope.json`, which any language can read. */
export interface EnvelopeVectors {
  readonly key: { readonly secret: string; readonly kid: string };
  readonly valid: readonly (EnvelopeVector & { readonly plaintext: JsonValue })[];
  readonly invalid: readonly (EnvelopeVector & { readonly fault: string })[];
}

interface EnvelopeVector {
  readonly name: string;
  readonly binding: {
    readonly project_id: string;
    readonly request_id: string;
    readonly field: EnvelopeField;
  };
  readonly envelope: unknown;
}

/** What happened to one vector. `actual` equals `expected` when it passed. */
export interface VectorOutcome {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Opens every envelope of the vectors, and seals and opens again every plaintext. The one runner
 * for every runtime: it needs WebCrypto and nothing else, and answers plain data.
 */
export async function runEnvelopeVectors(vectors: EnvelopeVectors): Promise<VectorOutcome[]> {
  const key = await importEnvelopeKey(vectors.key.secret);
  const open = (vector: EnvelopeVector) =>
    describeOpening(() => openEnvelope(vector.envelope, bindingOf(vector), [key]));
  const reopen = (vector: EnvelopeVectors["valid"][number]) =>
    describeOpening(async () => {
      const sealed = await sealEnvelope(vector.plaintext, bindingOf(vector), key);
      return openEnvelope(sealed, bindingOf(vector), [key]);
    });
  const outcomes: VectorOutcome[] = [
    { name: "key id", expected: vectors.key.kid, actual: key.keyId },
  ];
  for (const vector of vectors.valid) {
    const expected = `opened: ${canonicalJson(vector.plaintext)}`;
    outcomes.push({ name: vector.name, expected, actual: await open(vector) });
    outcomes.push({ name: `${vector.name}, sealed here`, expected, actual: await reopen(vector) });
  }
  for (const vector of vectors.invalid) {
    const expected = `fault: ${vector.fault}`;
    outcomes.push({ name: vector.name, expected, actual: await open(vector) });
  }
  return outcomes;
}

function bindingOf({ binding }: EnvelopeVector): EnvelopeBinding {
  return { projectId: binding.project_id, requestId: binding.request_id, field: binding.field };
}

async function describeOpening(open: () => Promise<JsonValue>): Promise<string> {
  try {
    return `opened: ${canonicalJson(await open())}`;
  } catch (error) {
    return error instanceof EnvelopeOpenError ? `fault: ${error.fault}` : `threw: ${String(error)}`;
  }
}
