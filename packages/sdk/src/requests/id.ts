import type { ID_PREFIXES } from "@holdpoint/protocol";

type IdPrefix = (typeof ID_PREFIXES)[keyof typeof ID_PREFIXES];

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LENGTH = 26;

/**
 * A new id: a UUIDv7 (RFC 9562 §5.7) as a TypeID, so ids sort by the time they were made.
 *
 * @param nowMs - Milliseconds since the epoch.
 */
export function createId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f); // version 7
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f); // variant 10
  return formatId(prefix, random, BigInt(nowMs));
}

/**
 * Writes bytes as a TypeID.
 *
 * @param high - What comes before the bytes; with them 128 bits.
 * @see https://github.com/jetify-com/typeid/tree/main/spec (TypeID 0.3)
 */
export function formatId(prefix: IdPrefix, bytes: Uint8Array, high = 0n): string {
  let value = high;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let suffix = "";
  for (let index = 0; index < SUFFIX_LENGTH; index++) {
    suffix = `${ALPHABET[Number(value & 31n)]}${suffix}`;
    value >>= 5n;
  }
  return `${prefix}_${suffix}`;
}
