import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Metrics } from "../http/metrics.js";
import type { Store } from "../store/store.js";
import { createSweeper, type Sweeper } from "./sweeper.js";

/**
 * Moves executions to `OUTCOME_UNKNOWN` when nobody has renewed their lease in time: whoever ran
 * the action may have died before it or after it, and only evidence can tell.
 */
export type LeaseWorker = Sweeper;

export function createLeaseWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly metrics: Metrics;
  readonly log: Logger;
}): LeaseWorker {
  const { store, clock, wakeups, metrics, log } = parts;
  return createSweeper({
    name: "lease",
    clock,
    log,
    async sweepDue(now, limit) {
      const lapsed = await store.executions.lapseDue(now, limit);
      for (const { requestId: id, projectId } of lapsed) {
        metrics.observeExecution("OUTCOME_UNKNOWN");
        wakeups.notify({ id, projectId });
      }
      return lapsed.length;
    },
    nextDue: () => store.executions.nextLeaseEnd(),
  });
}
