import { HoldpointError } from "../errors/base.js";

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** A server that asks for more than this is taken at its word only so far. */
const MAX_RETRY_AFTER_MS = 300_000;

/** True when the same call, unchanged, may succeed later. */
export function isRetryable(error: unknown): error is HoldpointError {
  return error instanceof HoldpointError && error.retryable;
}

/**
 * Milliseconds before the next try: doubling from 250 ms to 10 s, of which a random half is
 * taken so that many agents do not come back at once; never earlier than `Retry-After` asks.
 *
 * @param failures - Failures in a row so far, from 1.
 */
export function backoffMs(failures: number, retryAfterMs = 0): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  const jittered = ceiling * (0.5 + Math.random() / 2);
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(jittered, retryAfterMs));
}
