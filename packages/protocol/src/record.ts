import { LIMITS } from "./limits.js";
import { UNSEEN } from "./unseen.js";

const encoder = new TextEncoder();

/** Not in keys, so that {@link endOfPrefix} is beyond every one of them. */
const NONCHARACTER = /\p{Noncharacter_Code_Point}/u;

/** Tells whether `value` may be the key of a record: printable, 1 … 1,024 bytes as UTF-8. */
export function isRecordKey(value: unknown): value is string {
  return isRecordKeyPrefix(value) && value !== "";
}

/** The same for what keys begin with, which may be nothing. */
export function isRecordKeyPrefix(value: unknown): value is string {
  return (
    typeof value === "string" &&
    !UNSEEN.test(value) &&
    !NONCHARACTER.test(value) &&
    encoder.encode(value).length <= LIMITS.recordKeyBytes
  );
}

/**
 * What comes after every key that begins with `prefix`, and before every other that follows, in the
 * order of code points, which is that of the bytes.
 */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
