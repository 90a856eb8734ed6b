import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Metrics } from "../http/metrics.js";
import type { Store } from "../store/store.js";
import { createSweeper, type Sweeper } from "./sweeper.js";

/**
 * Ends the holds of purchases that were approved and never confirmed: gives back what was not run,
 * and counts as paid what was.
 */
export type HoldWorker = Sweeper;

/** The control plane that approved a purchase may be gone when its hold ends. */
const LOOK_AGAIN_MS = 3_600_000;

export function createHoldWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly metrics: Metrics;
  readonly log: Logger;
}): HoldWorker {
  const { store, clock, wakeups, metrics, log } = parts;
  return createSweeper({
    name: "hold",
    clock,
    log,
    async sweepDue(now, limit) {
      const { due, ended } = await store.purchases.endHolds(now, limit);
      for (const { id, projectId, hold } of ended) {
        metrics.observePurchase(hold === "SETTLED" ? "completed" : "expired");
        wakeups.notify({ id, projectId });
      }
      return due;
    },
    async nextDue() {
      const next = await store.purchases.nextHoldEnd();
      return Math.min(next ?? Number.POSITIVE_INFINITY, clock.now() + LOOK_AGAIN_MS);
    },
  });
}
