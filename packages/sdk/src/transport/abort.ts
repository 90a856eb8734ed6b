/** The call-wide and client-wide signals a piece of work listens to. */
export type Signals = readonly (AbortSignal | undefined)[];

/** Rethrows the reason of the first aborted signal, unchanged. */
export function throwIfAborted(signals: Signals): void {
  for (const signal of signals) signal?.throwIfAborted();
}

/**
 * Runs `work` with one signal that follows all of `signals` and a time limit.
 *
 * Not `AbortSignal.any`: it is missing on runtimes we support, and on Node 20 each use stays
 * attached to a long-lived signal. Listeners are removed here when the work ends.
 */
export async function withSignals<T>(
  signals: Signals,
  timeoutMs: number,
  work: (signal: AbortSignal, hasTimedOut: () => boolean) => Promise<T>,
): Promise<T> {
  throwIfAborted(signals);
  const controller = new AbortController();
  let timedOut = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, timeoutMs);
  for (const signal of signals) signal?.addEventListener("abort", abort);
  try {
    return await work(controller.signal, () => timedOut);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal?.removeEventListener("abort", abort);
  }
}

/** Waits, or rethrows the reason of whichever signal aborts first. */
export async function sleep(durationMs: number, signals: Signals): Promise<void> {
  await withSignals(
    signals,
    durationMs,
    (signal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      }),
  );
  throwIfAborted(signals);
}

/** True when `error` is the reason one of the signals was aborted with. */
export function isAbortReason(error: unknown, signals: Signals): boolean {
  return signals.some((signal) => signal?.aborted === true && signal.reason === error);
}
