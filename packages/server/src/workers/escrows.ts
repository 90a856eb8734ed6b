import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Store } from "../store/store.js";
import type { ExpiryWorker } from "./expiry.js";
import { createSweeper, type Sweeper } from "./sweeper.js";

/** Another replica may have opened one that is due sooner than all that this one knows. */
const LOOK_AGAIN_MS = 60_000;

/** Puts escrows whose time is up before a person. */
export type EscrowWorker = Sweeper;

export function createEscrowWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly expiry: ExpiryWorker;
  readonly log: Logger;
  /** Whether replicas may be on the same database. */
  readonly isShared: boolean;
}): EscrowWorker {
  const { store, clock, wakeups, expiry, log, isShared } = parts;
  return createSweeper({
    name: "escrows",
    clock,
    log,
    async sweepDue(now, limit) {
      const { due, asked } = await store.escrows.askDue(now, limit);
      for (const question of asked) {
        expiry.watch(question.expiresAt);
        wakeups.notify(question);
      }
      return due;
    },
    async nextDue() {
      const next = await store.escrows.nextDue();
      if (!isShared) return next;
      return Math.min(next ?? Number.POSITIVE_INFINITY, clock.now() + LOOK_AGAIN_MS);
    },
  });
}
