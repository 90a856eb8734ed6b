import {
  diffPayload,
  type Envelope,
  type EnvelopeField,
  inspectEnvelope,
  type JsonValue,
  type WireRequest,
} from "@holdpoint/protocol";
import {
  type EnvelopeKey,
  EnvelopeOpenError,
  openEnvelope,
  sealEnvelope,
} from "@holdpoint/protocol/envelope";
import type { Contents } from "./contents.js";

/** Decrypts a request with the loaded keys. A failure is an answer: `sealed`, and why. */
export async function unsealContents(
  request: WireRequest,
  keys: readonly EnvelopeKey[],
): Promise<Contents> {
  try {
    return await openSealed(request, keys);
  } catch (error) {
    if (!(error instanceof EnvelopeOpenError)) throw error;
    const keyId = keyIdOf(request);
    return { state: "sealed", fault: error.fault, ...(keyId === undefined ? {} : { keyId }) };
  }
}

async function openSealed(request: WireRequest, keys: readonly EnvelopeKey[]): Promise<Contents> {
  const payload = await openEnvelope(request.payload, bindingOf(request, "payload"), keys);
  const keyId = keyIdOf(request) as string;
  if (request.patched_payload === undefined) return { state: "readable", payload, keyId };
  const patchedPayload = await openEnvelope(
    request.patched_payload,
    bindingOf(request, "patch"),
    keys,
  );
  const diff = diffPayload(payload, patchedPayload);
  return { state: "readable", payload, patchedPayload, diff, keyId };
}

/**
 * Seals an edit with the key the request came under, bound to this request's patch.
 *
 * @throws {EnvelopeOpenError} `unknown_key` when that key is not loaded.
 */
export async function sealPatch(
  request: WireRequest,
  patch: JsonValue,
  keys: readonly EnvelopeKey[],
): Promise<Envelope> {
  return sealEnvelope(patch, bindingOf(request, "patch"), writingKey(request, keys));
}

/** A value of an execution, or of what changed before a request was asked again. */
type SideField = Exclude<EnvelopeField, "payload" | "patch" | "state">;

/** Opens one more field of a request; as it is where the request is not encrypted. */
export async function unsealField(
  request: WireRequest,
  field: SideField,
  value: unknown,
  keys: readonly EnvelopeKey[],
): Promise<JsonValue> {
  if (!request.encrypted) return value as JsonValue;
  return openEnvelope(value, bindingOf(request, field), keys);
}

/**
 * Seals what a person writes about a request with the key the request came under; as it is where the
 * request is not encrypted.
 *
 * @throws {EnvelopeOpenError} `unknown_key` when that key is not loaded.
 */
export async function sealField(
  request: WireRequest,
  field: SideField,
  value: JsonValue,
  keys: readonly EnvelopeKey[],
): Promise<JsonValue | Envelope> {
  if (!request.encrypted) return value;
  return sealEnvelope(value, bindingOf(request, field), writingKey(request, keys));
}

function writingKey(request: WireRequest, keys: readonly EnvelopeKey[]): EnvelopeKey {
  const keyId = keyIdOf(request);
  const key = keys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined) throw new EnvelopeOpenError("unknown_key");
  return key;
}

function keyIdOf(request: WireRequest): string | undefined {
  const inspected = inspectEnvelope(request.payload, bindingOf(request, "payload"));
  return inspected.ok ? inspected.keyId : undefined;
}

function bindingOf({ project_id, id }: WireRequest, field: EnvelopeField) {
  return { projectId: project_id, requestId: id, field } as const;
}
