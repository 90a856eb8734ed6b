import { vi } from "vitest";

/** Runs to the end of a promise with all waiting skipped, telling how long it would have been. */
export async function fastForward(
  promise: Promise<unknown>,
): Promise<{ result: unknown; tookMs: number }> {
  const startedAt = performance.now();
  let result: unknown;
  let isDone = false;
  const watched = promise
    .catch((error: unknown) => error)
    .then((value) => {
      result = value;
      isDone = true;
    });
  while (!isDone) await vi.advanceTimersByTimeAsync(50);
  await watched;
  return { result, tookMs: performance.now() - startedAt };
}
