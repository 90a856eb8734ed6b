import { crc32 } from "node:zlib";
import type { Column } from "./column.js";
import type { Columns } from "./counts.js";

/**
 * "HPSH" and a version, as numbers in the order of this machine's bytes, which is that of the columns: a
 * machine of the other order refuses them instead of reading nonsense.
 */
const MARK = 0x48505348;
const VERSION = 1;
/** Mark, version, checksum, length of the head in bytes, number of columns. */
const PREFIX_WORDS = 5;
const ALIGNMENT = 8;

/**
 * Bytes of a profile: a head as JSON, and columns of numbers behind it, each with its length before it.
 * A checksum covers all of it.
 */
export function pack(head: unknown, columns: readonly Column[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const lengths = Uint32Array.from(columns, (column) => column.length);
  const headAt = PREFIX_WORDS * 4 + lengths.byteLength;
  const columnsAt = aligned(headAt + json.length);
  const size = columns.reduce((at, column) => at + aligned(column.byteLength), columnsAt);
  const bytes = new Uint8Array(size);
  const prefix = new Uint32Array(bytes.buffer, 0, PREFIX_WORDS);
  bytes.set(bytesOf(lengths), PREFIX_WORDS * 4);
  bytes.set(json, headAt);
  let at = columnsAt;
  for (const column of columns) {
    bytes.set(bytesOf(column), at);
    at += aligned(column.byteLength);
  }
  prefix.set([MARK, VERSION, 0, json.length, columns.length]);
  prefix[2] = checksumOf(bytes);
  return bytes;
}

/** @throws {Error} The bytes are broken, or of another version. */
export function unpack(given: Uint8Array): { readonly head: unknown; readonly columns: Columns } {
  // Numbers are read in place, so they have to begin where numbers may.
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : given.slice();
  if (bytes.length < PREFIX_WORDS * 4) throw broken("they end too early");
  const [mark, version, checksum, headLength = 0, count = 0] = new Uint32Array(
    bytes.buffer,
    bytes.byteOffset,
    PREFIX_WORDS,
  );
  if (mark !== MARK) throw broken("they do not begin as a profile does");
  if (version !== VERSION) throw broken(`they are of version ${version}`);
  const headAt = PREFIX_WORDS * 4 + count * 4;
  if (headAt + headLength > bytes.length) throw broken("they end too early");
  if (checksum !== checksumOf(bytes)) throw broken("their checksum is another");
  const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset + PREFIX_WORDS * 4, count);
  const head: unknown = JSON.parse(
    new TextDecoder().decode(bytes.subarray(headAt, headAt + headLength)),
  );
  return { head, columns: columnsOf(bytes, aligned(headAt + headLength), lengths) };
}

function columnsOf(bytes: Uint8Array, columnsAt: number, lengths: Uint32Array): Columns {
  let next = 0;
  let at = bytes.byteOffset + columnsAt;
  /** Their own memory, so that the bytes they come from can be given up. */
  function take<C extends Column>(kind: ColumnKind<C>): C {
    const column = new kind(bytes.buffer, at, lengths[next]).slice() as C;
    next += 1;
    at += aligned(column.byteLength);
    return column;
  }
  return {
    float64: () => take<Float64Array>(Float64Array),
    uint32: () => take<Uint32Array>(Uint32Array),
  };
}

type ColumnKind<C extends Column> = new (buffer: ArrayBufferLike, at: number, length?: number) => C;

/** Of everything but itself. */
function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes.subarray(12), crc32(bytes.subarray(0, 8)));
}

function bytesOf(column: Column): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function broken(why: string): Error {
  return new Error(
    `Expected the bytes of a shield profile, version ${VERSION}, but ${why}. Fold its log from the start.`,
  );
}
