import { hash } from "node:crypto";

export const HASH_BYTES = 32;

/** The root of a tree without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array());

export function sha256(data: Uint8Array | string): Buffer {
  return hash("sha256", data, "buffer");
}

/** The hash of an entry, as its leaf. @see RFC 6962 §2.1 */
export function hashLeaf(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF_PREFIX, entry]));
}

/** @see RFC 6962 §2.1 */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE_PREFIX, left, right]));
}

const LEAF_PREFIX = Buffer.of(0);
const NODE_PREFIX = Buffer.of(1);

/** @param hashes - 2^n consecutive hashes of one height. The hash of the node above them all. */
export function hashPerfect(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = pairs(row);
  const [top] = row;
  if (top === undefined) throw new RangeError("Expected at least one hash, got none.");
  return top;
}

function pairs(row: readonly Uint8Array[]): Uint8Array[] {
  return Array.from({ length: row.length / 2 }, (_, index) =>
    hashChildren(at(row, 2 * index), at(row, 2 * index + 1)),
  );
}

function at(row: readonly Uint8Array[], index: number): Uint8Array {
  const hash = row[index];
  if (hash === undefined) throw new RangeError(`Expected a power of two, got ${row.length}.`);
  return hash;
}
