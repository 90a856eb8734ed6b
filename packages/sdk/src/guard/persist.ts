import { backoffMs, isRetryable, type Signals, sleep, startDeadline } from "../core.js";

/** How long one answer is sought while the control plane is away, in milliseconds: 10 minutes. */
const PERSIST_MS = 600_000;

/**
 * Repeats a call until its answer is known: a failure that may pass says nothing of what the call
 * has done. Safe for calls that mean the same when they are sent again.
 *
 * @throws the last failure when none has been answered for 10 minutes.
 */
export async function untilKnown<T>(signals: Signals, call: () => Promise<T>): Promise<T> {
  const deadline = startDeadline(PERSIST_MS);
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error) || deadline.remainingMs() === 0) throw error;
      await sleep(backoffMs(failures, error.retryAfterMs), signals);
    }
  }
}
