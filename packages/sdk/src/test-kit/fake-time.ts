import { vi } from "vitest";

/** Fakes what waiting is made of, and leaves real work (hashing, loading) its real turns. */
export function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
}

/** Lets real work go on, without fake time passing, until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets fake time pass, and real work go on, until `condition` holds. */
export async function passUntil(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await vi.advanceTimersByTimeAsync(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Runs to the end of a promise with all waiting skipped, telling how long it would have been.
 * Fake time begins to pass when `started` holds.
 */
export async function fastForward(
  promise: Promise<unknown>,
  started: () => boolean = () => true,
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
  await until(() => isDone || started());
  await passUntil(() => isDone);
  await watched;
  return { result, tookMs: performance.now() - startedAt };
}
