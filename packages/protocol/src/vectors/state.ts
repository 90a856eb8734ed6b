import { decryptState, encryptState, StateOpenError } from "../state/index.js";
import type { VectorOutcome } from "./envelope.js";

/** `vectors/state.json`, which any language can read. Bytes are hex. */
export interface StateVectors {
  readonly key: string;
  readonly project_id: string;
  readonly state_id: string;
  readonly valid: readonly {
    readonly name: string;
    readonly plaintext_bytes: number;
    readonly segment_bytes: number;
    readonly salt: string;
    readonly nonce_prefix: string;
    readonly encrypted_sha256: string;
  }[];
  readonly invalid: readonly {
    readonly name: string;
    readonly fault: string;
    readonly encrypted: string;
    readonly key?: string;
    readonly project_id?: string;
    readonly state_id?: string;
    readonly expected_bytes?: number;
  }[];
}

/**
 * Encrypts and decrypts every valid vector, and decrypts every invalid one. The one runner for every
 * runtime: it needs WebCrypto and streams and nothing else, and answers plain data.
 */
export async function runStateVectors(vectors: StateVectors): Promise<VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const vector of vectors.valid) outcomes.push(...(await runValid(vectors, vector)));
  for (const vector of vectors.invalid) outcomes.push(await runInvalid(vectors, vector));
  return outcomes;
}

async function runValid(
  vectors: StateVectors,
  vector: StateVectors["valid"][number],
): Promise<VectorOutcome[]> {
  const { name } = vector;
  const common = placeOf(vectors, {});
  const plaintext = Uint8Array.from({ length: vector.plaintext_bytes }, (_, index) => index % 251);
  const encrypted = await collect(
    encryptState(plaintext, {
      ...common,
      salt: decodeHex(vector.salt),
      noncePrefix: decodeHex(vector.nonce_prefix),
      segmentBytes: vector.segment_bytes,
    }),
  );
  const opened = await collect(decryptState(encrypted, common));
  return [
    { name, expected: vector.encrypted_sha256, actual: await sha256(encrypted) },
    { name: `${name}, opened`, expected: await sha256(plaintext), actual: await sha256(opened) },
  ];
}

async function runInvalid(
  vectors: StateVectors,
  vector: StateVectors["invalid"][number],
): Promise<VectorOutcome> {
  const { name, expected_bytes: encryptedBytes } = vector;
  const options = {
    ...placeOf(vectors, vector),
    ...(encryptedBytes !== undefined && { encryptedBytes }),
  };
  const actual = await collect(decryptState(decodeHex(vector.encrypted), options)).then(
    () => "opened",
    (error: unknown) => (error instanceof StateOpenError ? error.fault : `threw: ${String(error)}`),
  );
  return { name, expected: vector.fault, actual };
}

function placeOf(
  vectors: StateVectors,
  vector: { readonly key?: string; readonly project_id?: string; readonly state_id?: string },
) {
  return {
    key: decodeHex(vector.key ?? vectors.key),
    projectId: vector.project_id ?? vectors.project_id,
    stateId: vector.state_id ?? vectors.state_id,
  };
}

/** By hand: `Response` hides what a stream failed with. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces.push(value);
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
