import { isRetryable, LIMITS, sleep, startDeadline } from "../core.js";
import { composeRenewal, sendCall } from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { ClientParts } from "../late.js";
import type { Deadline } from "../transport/deadline.js";

/** How often a lease is renewed within its time: two renewals may be lost. */
const RENEWALS_PER_LEASE = 3;

/** Keeps a claim alive until it is stopped. */
export interface LeaseKeeper {
  /** Aborts when the right to run is lost. */
  readonly lost: AbortSignal;
  stop(): void;
}

/**
 * Renews the lease of an execution for as long as it runs.
 *
 * @param leaseMs - Milliseconds from a renewal to the end of the lease.
 * @param left - Until when the claim holds, counted from when it was sent: the lease is no older.
 */
export function keepLease(
  parts: ClientParts,
  execution: Execution,
  leaseMs: number,
  left: Deadline,
): LeaseKeeper {
  const stopped = new AbortController();
  const lost = new AbortController();
  void renewUntilStopped(parts, execution, leaseMs, left, stopped.signal).catch(
    (cause: unknown) => {
      if (!stopped.signal.aborted) lost.abort(cause);
    },
  );
  return { lost: lost.signal, stop: () => stopped.abort() };
}

/** Ends by throwing only: the reason of the stop, or why the lease is lost. */
async function renewUntilStopped(
  parts: ClientParts,
  execution: Execution,
  leaseMs: number,
  claimed: Deadline,
  signal: AbortSignal,
): Promise<never> {
  const pauseMs = leaseMs / RENEWALS_PER_LEASE;
  let left = claimed;
  // A claim that was long in coming is renewed the sooner, and once even when it may be over.
  let waitMs = Math.min(pauseMs, Math.max(0, left.remainingMs() - pauseMs));
  let leastMs: number = LIMITS.minLeaseMs;
  for (;;) {
    await sleep(waitMs, [signal]);
    const renewed = startDeadline(leaseMs);
    const call = composeRenewal(execution, { leaseMs, signal });
    try {
      await sendCall(parts, {
        ...call,
        detached: true,
        timeoutMs: Math.max(leastMs, left.remainingMs()),
      });
      left = renewed;
    } catch (error) {
      if (!isRetryable(error) || left.remainingMs() === 0) throw error;
    }
    waitMs = pauseMs;
    leastMs = 1;
  }
}
