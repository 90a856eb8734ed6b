/** How long a hook may take to put on record how a tool ended, in seconds. Claude's default is 60. */
export const SETTLE_SECONDS = 120;

/** As the control plane has it. */
const DEFAULT_TIMEOUT_MS = 86_400_000;
/** So that the answer EXPIRED is the control plane's. */
const GRACE_SECONDS = 120;
/** What a timer can count, in milliseconds; beyond that it would be over at once. */
const TIMER_SECONDS = Math.floor((2 ** 31 - 1) / 1_000);

/**
 * Seconds the hook may wait for a person. Claude blocks a call whose hook is late, so a question that
 * stays open longer than about 24 days ends there.
 */
export function secondsToDecide(timeoutMs = DEFAULT_TIMEOUT_MS): number {
  return Math.min(Math.ceil(timeoutMs / 1_000) + GRACE_SECONDS, TIMER_SECONDS);
}
