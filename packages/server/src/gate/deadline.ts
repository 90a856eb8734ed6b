import type { Clock } from "../domain/clock.js";
import { FaultError } from "./fault.js";

/** The end of a run: its time is up, or whoever started it does not wait any longer. */
export interface Deadline {
  /** Its reason is a {@link FaultError}. */
  readonly signal: AbortSignal;
  stop(): void;
}

export function startDeadline(clock: Clock, timeoutMs: number, outer: AbortSignal): Deadline {
  const ending = new AbortController();
  const interrupt = () => ending.abort(new FaultError(INTERRUPTED));
  const stopTimer = clock.setTimer(() => ending.abort(new FaultError(TIMEOUT)), timeoutMs);
  if (outer.aborted) interrupt();
  outer.addEventListener("abort", interrupt, { once: true });
  return {
    signal: ending.signal,
    stop() {
      stopTimer();
      outer.removeEventListener("abort", interrupt);
    },
  };
}

const TIMEOUT = { code: "timeout", message: "Expected the action to end in time." } as const;
const INTERRUPTED = {
  code: "interrupted",
  message: "Expected the action to end before the gate did.",
} as const;

/** The promise, or the signal's reason, whichever comes first. What the promise brings later is let go. */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
