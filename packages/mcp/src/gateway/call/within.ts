import { setTimeout as delay } from "node:timers/promises";

/**
 * What `work` comes to, or `undefined` when it takes longer than `ms`; the work goes on then.
 *
 * @throws `signal.reason`, when aborted first; likewise.
 */
export async function within<Result>(
  work: Promise<Result>,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<Result | undefined> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const time = delay(Math.max(0, ms), undefined, { signal: either }).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  try {
    return await Promise.race([work, time]);
  } finally {
    over.abort();
    // Nobody waits for it any more, should it fail now.
    time.catch(() => {});
  }
}
