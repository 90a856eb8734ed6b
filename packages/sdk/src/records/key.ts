import { invalidInput, isRecordKey, isRecordKeyPrefix, LIMITS } from "../core.js";

const EXPECTED = `printable text of at most ${LIMITS.recordKeyBytes} bytes as UTF-8`;

/**
 * A key as it can travel: in a URL, half a surrogate pair would become another key.
 *
 * @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent.
 */
export function requireKey(name: string, key: unknown): string {
  if (isRecordKey(key)) return key;
  throw invalidInput(name, `${EXPECTED}, and at least one character`);
}

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function requirePrefix(prefix: unknown): string {
  if (isRecordKeyPrefix(prefix)) return prefix;
  throw invalidInput("prefix", EXPECTED);
}
