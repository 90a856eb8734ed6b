import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Metrics } from "../http/metrics.js";
import type { Store } from "../store/store.js";
import { createSweeper, type Sweeper } from "./sweeper.js";

/** Moves requests to `EXPIRED` when their time comes. */
export type ExpiryWorker = Sweeper;

export function createExpiryWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly metrics: Metrics;
  readonly log: Logger;
}): ExpiryWorker {
  const { store, clock, wakeups, metrics, log } = parts;
  return createSweeper({
    name: "expiry",
    clock,
    log,
    async sweepDue(now, limit) {
      const expired = await store.requests.expireDue(now, limit);
      for (const request of expired) {
        metrics.observeResolution(request.status);
        wakeups.notify(request);
      }
      return expired.length;
    },
    nextDue: () => store.requests.nextExpiry(),
  });
}
