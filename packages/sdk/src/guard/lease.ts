import { isRetryable, sleep, startDeadline } from "../core.js";
import { composeRenewal, sendCall } from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { ClientParts } from "../late.js";

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
 * @param claimedAtMs - When the claim was sent, by the monotonic clock: the lease is no older.
 */
export function keepLease(parts: ClientParts, execution: Execution, leaseMs: number): LeaseKeeper {
  const stopped = new AbortController();
  const lost = new AbortController();
  void renewUntilStopped(parts, execution, leaseMs, stopped.signal).catch((cause: unknown) => {
    if (!stopped.signal.aborted) lost.abort(cause);
  });
  return { lost: lost.signal, stop: () => stopped.abort() };
}

/** Ends by throwing only: the reason of the stop, or why the lease is lost. */
async function renewUntilStopped(
  parts: ClientParts,
  execution: Execution,
  leaseMs: number,
  signal: AbortSignal,
): Promise<never> {
  const pauseMs = leaseMs / RENEWALS_PER_LEASE;
  let left = startDeadline(leaseMs);
  for (;;) {
    await sleep(pauseMs, [signal]);
    const renewed = startDeadline(leaseMs);
    const call = composeRenewal(execution, { leaseMs, signal });
    try {
      await sendCall(parts, {
        ...call,
        detached: true,
        timeoutMs: Math.max(1, left.remainingMs()),
      });
      left = renewed;
    } catch (error) {
      if (!isRetryable(error) || left.remainingMs() === 0) throw error;
    }
  }
}
