/** Where time comes from. Tests and the testing package pass their own. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function takes the call back. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** The longest delay a timer takes; a longer one would fire at once. */
export const MAX_TIMER_DELAY_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
