/** How long a server that keeps ending is left alone. */
export interface Backoff {
  /** Milliseconds until it may be started; 0: now. */
  remainingMs(): number;
  /** It has ended. After the first time it may be started at once. */
  fail(): void;
  /** It has done its work. */
  reset(): void;
}

const FIRST_MS = 2_000;
const LONGEST_MS = 30_000;

export function createBackoff(now: () => number = () => performance.now()): Backoff {
  let failures = 0;
  let notBeforeMs = 0;
  return {
    remainingMs: () => Math.max(0, notBeforeMs - now()),
    fail() {
      const delayMs = failures === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
      failures += 1;
      notBeforeMs = now() + delayMs;
    },
    reset() {
      failures = 0;
      notBeforeMs = 0;
    },
  };
}
