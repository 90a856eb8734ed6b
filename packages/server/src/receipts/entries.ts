import { HASH_BYTES, sha256 } from "./tree/hash.js";

/**
 * What stands in the log for a receipt: the hash of its JWS, which says nothing to anybody who does
 * not hold the receipt. So the log can be public.
 */
export function entryOf(jws: string): Buffer {
  return sha256(jws);
}

/** Entries as a bundle holds them, one after the other. @see C2SP tlog-tiles, "Log entries" */
export function bundleEntries(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/** Where bundles stand among the tiles: below the leaf hashes. */
export const ENTRY_LEVEL = -1;

/** Bytes that each of our entries takes in a bundle. */
export const BUNDLED_ENTRY_BYTES = 2 + HASH_BYTES;

function lengthOf(entry: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return length;
}
