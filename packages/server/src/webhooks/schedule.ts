const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait after each failed attempt. Together just under three days; then it is dead. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
];

/** What a receiver may ask for at most. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** Up to this much longer, so that what failed together does not come back together. */
const JITTER = 0.1;

/**
 * When to try again after `attempts` failed ones; `undefined` when that was the last.
 *
 * @param random - 0 … 1.
 * @param retryAfterMs - What the receiver asked for. Longer than our own wait, it counts.
 */
export function nextAttemptAt(
  attempts: number,
  now: number,
  random: number,
  retryAfterMs = 0,
): number | undefined {
  const waitMs = WAITS_MS[attempts - 1];
  if (waitMs === undefined) return undefined;
  const jittered = Math.round(waitMs * (1 + JITTER * random));
  return now + Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}

/**
 * Milliseconds asked for by a `Retry-After` header; `undefined` when it says nothing usable.
 *
 * @see RFC 9110 §10.2.3
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const at = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
