import { type Clock, MAX_TIMER_DELAY_MS } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Metrics } from "../http/metrics.js";
import type { ListedRequest, Store } from "../store/store.js";

/** Requests expired in one transaction. */
const BATCH_SIZE = 100;
/** Wait after a failed sweep, in milliseconds. */
const RETRY_DELAY_MS = 1_000;

/** Moves requests to `EXPIRED` when their time comes: one timer, set for the next of them. */
export interface ExpiryWorker {
  start(): Promise<void>;
  /** Tells of a new request, which may be the next to expire. */
  watch(request: { readonly expiresAt: number }): void;
  /** Expires what is due now. Concurrent calls share one sweep. */
  sweep(): Promise<void>;
  /** Whether something may be due that has not been swept. */
  readonly isDue: boolean;
  stop(): Promise<void>;
}

export function createExpiryWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly metrics: Metrics;
  readonly log: Logger;
}): ExpiryWorker {
  const { store, clock, wakeups, metrics, log } = parts;
  let nextAt = Number.POSITIVE_INFINITY;
  let cancelTimer = () => {};
  let running: Promise<void> | undefined;
  let stopped = false;

  function schedule(at: number): void {
    cancelTimer();
    nextAt = at;
    if (stopped || at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(at - clock.now(), 0), MAX_TIMER_DELAY_MS);
    cancelTimer = clock.setTimer(onTimer, delayMs);
  }

  function onTimer(): void {
    sweep().catch((error: unknown) => {
      log.error({ err: error }, "expiry sweep failed");
      schedule(clock.now() + RETRY_DELAY_MS);
    });
  }

  async function run(): Promise<void> {
    let expired: readonly ListedRequest[];
    do {
      expired = await store.requests.expireDue(clock.now(), BATCH_SIZE);
      for (const request of expired) {
        metrics.observeResolution(request.status);
        wakeups.notify(request);
      }
    } while (expired.length === BATCH_SIZE);
    nextAt = Number.POSITIVE_INFINITY;
    const next = await store.requests.nextExpiry();
    // A request made while we asked may be earlier than the answer.
    schedule(Math.min(next ?? Number.POSITIVE_INFINITY, nextAt));
  }

  function sweep(): Promise<void> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    start: sweep,
    sweep,
    get isDue() {
      return nextAt <= clock.now();
    },
    watch(request) {
      if (request.expiresAt < nextAt) schedule(request.expiresAt);
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await running?.catch(() => {});
    },
  };
}
