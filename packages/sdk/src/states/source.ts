import { invalidInput, LIMITS, requireInteger, toJson } from "../core.js";
import type { ParkOptions, StateData } from "./options.js";

/** What is parked, as bytes. */
export interface StateSource {
  /** `undefined`: not known before the end. */
  readonly sizeBytes: number | undefined;
  /** Whether it can be read again. */
  readonly isRepeatable: boolean;
  open(): AsyncIterable<Uint8Array>;
}

/** A stream up to this many bytes is gathered first, and is then as good as bytes. */
const GATHERED_BYTES = 8 * 1_048_576;

/** @throws {ValidationError} `VALIDATION_FAILED`: neither bytes nor JSON. */
export async function readSource(data: StateData, options: ParkOptions): Promise<StateSource> {
  if (data instanceof Uint8Array) return ofBytes(data);
  if (typeof Blob === "function" && data instanceof Blob) {
    return { sizeBytes: data.size, isRepeatable: true, open: () => piecesOf(data.stream()) };
  }
  if (isStream(data)) return ofStream(data, options.sizeBytes);
  const json = JSON.stringify(toJson("state", data, LIMITS.stateBytes));
  return ofBytes(new TextEncoder().encode(json));
}

function ofBytes(bytes: Uint8Array): StateSource {
  return { sizeBytes: bytes.length, isRepeatable: true, open: () => once(bytes) };
}

async function ofStream(
  stream: ReadableStream<Uint8Array>,
  sizeBytes: number | undefined,
): Promise<StateSource> {
  if (sizeBytes !== undefined) {
    requireInteger("sizeBytes", sizeBytes, 0, LIMITS.stateBytes);
    return { sizeBytes, isRepeatable: false, open: () => exactly(stream, sizeBytes) };
  }
  const reader = stream.getReader();
  const gathered: Uint8Array[] = [];
  for (let bytes = 0; bytes <= GATHERED_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) return ofBytes(join(gathered, bytes));
    gathered.push(value);
    bytes += value.length;
  }
  return { sizeBytes: undefined, isRepeatable: false, open: () => continued(gathered, reader) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  return continued([], stream.getReader());
}

/** What has been gathered, let go of as it is read, then the rest. */
async function* continued(
  gathered: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = gathered.shift(); piece; piece = gathered.shift()) yield piece;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function* exactly(
  stream: ReadableStream<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of piecesOf(stream)) {
    bytes += piece.length;
    if (bytes > sizeBytes) break;
    yield piece;
  }
  if (bytes !== sizeBytes) throw invalidInput("sizeBytes", "the length of the stream");
}

export function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function isStream(data: unknown): data is ReadableStream<Uint8Array> {
  return typeof (Object(data) as { getReader?: unknown }).getReader === "function";
}
