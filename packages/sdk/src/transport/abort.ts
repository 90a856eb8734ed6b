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
 * attached to a long-lived signal.
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
  const leave = signals.map((signal) => signal && follow(signal, abort));
  try {
    return await work(controller.signal, () => timedOut);
  } finally {
    clearTimeout(timer);
    for (const each of leave) each?.();
  }
}

const followers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when `signal` aborts, until the returned function is called. One listener serves all
 * who follow a signal: of more than ten on one target, Node warns as of a leak.
 */
export function follow(signal: AbortSignal, callback: () => void): () => void {
  const known = followers.get(signal);
  const callbacks = known ?? new Set();
  if (!known) {
    followers.set(signal, callbacks);
    signal.addEventListener("abort", () => {
      for (const each of callbacks) each();
    });
  }
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

/** What others wait for too: it goes on when one of the signals aborts, whose reason is rethrown. */
export async function race<T>(shared: Promise<T>, signals: Signals): Promise<T> {
  throwIfAborted(signals);
  const leave: (() => void)[] = [];
  const aborted = new Promise<never>((_, reject) => {
    for (const signal of signals) {
      if (signal) leave.push(follow(signal, () => reject(signal.reason)));
    }
  });
  try {
    return await Promise.race([shared, aborted]);
  } finally {
    for (const each of leave) each();
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
