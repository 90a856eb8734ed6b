import { sha256 } from "@noble/hashes/sha2.js";

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;
export const HASH_BYTES = 32;

const encoder = new TextEncoder();

/** What the log holds of a receipt: the SHA-256 of its compact JWS, which tells nothing about it. */
export function logEntryOf(jws: string): Hash {
  return sha256(encoder.encode(jws));
}

/** @see RFC 6962 §2.1, RFC 9162 §2.1.1 */
export function hashLeaf(entry: Uint8Array): Hash {
  return prefixed(0x00, entry);
}

/** @see RFC 6962 §2.1, RFC 9162 §2.1.1 */
export function hashNode(left: Hash, right: Hash): Hash {
  return prefixed(0x01, left, right);
}

/** The root of a tree without leaves. */
export function emptyRoot(): Hash {
  return sha256(new Uint8Array());
}

function prefixed(prefix: number, ...parts: readonly Uint8Array[]): Hash {
  const input = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  input[0] = prefix;
  let offset = 1;
  for (const part of parts) {
    input.set(part, offset);
    offset += part.length;
  }
  return sha256(input);
}
