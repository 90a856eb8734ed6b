import { LIMITS } from "@holdpoint/protocol";
import type { BlobStore } from "../blobs/store.js";
import type { Clock } from "../domain/clock.js";
import { describeError, type Logger } from "../http/log.js";
import type { Store } from "../store/store.js";
import type { RetentionCutoffs } from "../store/verbs/states.js";
import type { ResolvedRetention } from "./retention.js";

/** Things taken away in one transaction. */
const BATCH_SIZE = 100;
/** From one sweep to the next: what has had its time stays at most this much longer. */
const INTERVAL_MS = 3_600_000;
/** The same for proofs, of which every call leaves one. */
const PROOF_INTERVAL_MS = 600_000;
const PROOF_BATCH_SIZE = 500;
/** Unfinished uploads that old are of a process that died. */
const UNFINISHED_MS = 86_400_000;

/**
 * Deletes what has had its time. A state is marked first, then its bytes go, then it is noted that
 * they went: a crash anywhere in between is found again by the next sweep, of this process or
 * another.
 */
export interface PruneWorker {
  /** Sweeps soon, then every hour; forgets proofs every minute. */
  start(): void;
  /** Deletes what is due now. Concurrent calls share one sweep. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export function createPruneWorker(parts: {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retention: ResolvedRetention;
}): PruneWorker {
  const { store, blobs, clock, log, retention } = parts;
  let cancelTimer = () => {};
  let cancelProofTimer = () => {};
  let forgetting: Promise<void> | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    const cutoffs = cutoffsOf(retention, clock.now());
    await inBatches(() => store.retention.deleteContents(cutoffs, BATCH_SIZE));
    await inBatches(() => store.retention.markStates(cutoffs, BATCH_SIZE));
    await inBatches(deleteMarked);
    const keysBefore = cutoffs.now - LIMITS.idempotencyRetentionMs;
    await inBatches(() => store.idempotency.prune(keysBefore, BATCH_SIZE));
    const deliveriesBefore = cutoffs.now - LIMITS.webhookDeliveryRetentionMs;
    await inBatches(() => store.webhookDeliveries.prune(deliveriesBefore, BATCH_SIZE));
    const stepsBefore = cutoffs.now - LIMITS.observationRetentionMs;
    await inBatches(() => store.shield.prune(stepsBefore, BATCH_SIZE));
    await blobs.clean(cutoffs.now - UNFINISHED_MS);
    await forgetProofs();
  }

  async function forgetProofs(): Promise<void> {
    await inBatches(() => store.proofs.forget(clock.now(), PROOF_BATCH_SIZE), PROOF_BATCH_SIZE);
  }

  /** @returns How many were deleted; a batch with a failure counts as the last. */
  async function deleteMarked(): Promise<number> {
    const marked = await store.retention.listMarked(BATCH_SIZE);
    let deleted = 0;
    for (const name of marked) {
      if (stopped) return 0;
      try {
        await blobs.delete(name);
        await store.retention.finishState(name, clock.now());
        deleted += 1;
      } catch (error) {
        log.error({ err: error, state_id: name.id }, "deleting a state failed, to be tried again");
      }
    }
    return deleted;
  }

  async function inBatches(batch: () => Promise<number>, size = BATCH_SIZE): Promise<void> {
    while (!stopped && (await batch()) === size);
  }

  function sweep(): Promise<void> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  function schedule(delayMs: number): void {
    if (stopped) return;
    cancelTimer = clock.setTimer(() => {
      sweep()
        .finally(() => schedule(INTERVAL_MS))
        .catch((error: unknown) => log.error({ err: describeError(error) }, "prune sweep failed"));
    }, delayMs);
  }

  function scheduleProofs(): void {
    if (stopped) return;
    cancelProofTimer = clock.setTimer(() => {
      forgetting = forgetProofs()
        .finally(scheduleProofs)
        .catch((error: unknown) =>
          log.error({ err: describeError(error) }, "forgetting proofs failed"),
        );
    }, PROOF_INTERVAL_MS);
  }

  return {
    // Not at once: those who wait for the start need nothing of it.
    start() {
      schedule(1_000);
      scheduleProofs();
    },
    sweep,
    async stop() {
      stopped = true;
      cancelTimer();
      cancelProofTimer();
      await forgetting;
      await running?.catch(() => {});
    },
  };
}

function cutoffsOf(retention: ResolvedRetention, now: number): RetentionCutoffs {
  const { statesMs, contentsMs, abandonedMs } = retention;
  return {
    now,
    abandonedBefore: now - abandonedMs,
    ...(statesMs !== undefined && { statesBefore: now - statesMs }),
    ...(contentsMs !== undefined && { contentsBefore: now - contentsMs }),
  };
}
