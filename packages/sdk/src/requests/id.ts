const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LENGTH = 26;

/**
 * A new request id: a UUIDv7 (RFC 9562 §5.7) as a TypeID, so ids sort by the time they were made.
 *
 * @param nowMs - Milliseconds since the epoch.
 * @see https://github.com/jetify-com/typeid/tree/main/spec (TypeID 0.3)
 */
export function createRequestId(nowMs: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f); // version 7
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f); // variant 10
  let value = BigInt(nowMs);
  for (const byte of random) value = (value << 8n) | BigInt(byte);
  let suffix = "";
  for (let index = 0; index < SUFFIX_LENGTH; index++) {
    suffix = `${ALPHABET[Number(value & 31n)]}${suffix}`;
    value >>= 5n;
  }
  return `req_${suffix}`;
}
