import type { ShieldMode } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { SHIELD } from "../domain/actor.js";
import type { Clock } from "../domain/clock.js";
import { isFlat } from "../domain/shield/lock.js";
import { describeError, type Logger } from "../http/log.js";
import type { CaughtUp, Profiles } from "../pipeline/shield/profiles.js";
import type { ShieldStore } from "../store/verbs/shield.js";

/** From the use of a profile to a look at it, in milliseconds. */
const LOOK_MS = 5_000;
/** From one look at what nobody here uses to the next, in milliseconds. */
const LOOK_AT_ALL_MS = 3_600_000;
/** Entries that are worth a snapshot: folding so many takes some 20 ms. */
const SNAPSHOT_ENTRIES = 2_000;
/** Profiles brought up to date per look at what nobody here uses. */
const PROFILES_AT_ONCE = 100;

/** Locks baselines that have flattened, and keeps snapshots, so that loading a profile stays short. */
export interface ShieldWorker {
  start(): void;
  /** Looks now at all that was used. Concurrent calls share one look. */
  sweep(): Promise<void>;
  /** Ends what is under way and keeps a snapshot of whatever is in memory. */
  stop(): Promise<void>;
}

export function createShieldWorker(parts: {
  readonly store: ShieldStore;
  readonly profiles: Profiles;
  readonly clock: Clock;
  readonly log: Logger;
}): ShieldWorker {
  const { store, profiles, clock, log } = parts;
  let lookAtAllAt = 0;
  let cancelTimer = () => {};
  let dueAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    await each(profiles.takeUsed(), SNAPSHOT_ENTRIES);
    if (stopped || clock.now() < lookAtAllAt) return;
    lookAtAllAt = clock.now() + LOOK_AT_ALL_MS;
    // Entries are deleted in their time once a snapshot holds them, also of what is used no more.
    const grown = await store.listGrown(1, PROFILES_AT_ONCE);
    await each(
      grown.map(({ id }) => id),
      1,
    );
  }

  async function each(ids: readonly string[], minEntries: number): Promise<void> {
    for (const id of ids) {
      if (stopped) return;
      try {
        await lock(await profiles.catchUp(id));
        await profiles.save(id, minEntries);
      } catch (error) {
        log.error({ profile_id: id, err: describeError(error) }, "keeping a shield profile failed");
      }
    }
  }

  /** Somebody else may have done it, or an operator something else: then that stands. */
  async function lock({ stored, profile }: CaughtUp): Promise<void> {
    const { id, settings, learningSinceRuns } = stored;
    const from: ShieldMode = "shadow";
    if (stored.mode !== from) return;
    const description = profile.describe();
    const { holdOneIn } = settings;
    if (!isFlat(description, { holdOneIn, learningSinceRuns })) return;
    await store.setMode(id, {
      eventId: typeidUnboxed("evt"),
      at: clock.now(),
      actor: SHIELD,
      from,
      mode: "locked",
      runs: description.runs,
    });
  }

  function sweep(): Promise<void> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  /** Nothing is looked at while nothing is used, so that a process that rests does rest. */
  function lookIn(delayMs: number): void {
    const at = clock.now() + delayMs;
    if (stopped || at >= dueAt) return;
    cancelTimer();
    dueAt = at;
    cancelTimer = clock.setTimer(onTimer, delayMs);
  }

  function onTimer(): void {
    dueAt = Number.POSITIVE_INFINITY;
    sweep()
      .finally(() => lookIn(LOOK_AT_ALL_MS))
      .catch((error: unknown) => log.error({ err: describeError(error) }, "shield sweep failed"));
  }

  return {
    start() {
      profiles.whenUsed(() => lookIn(LOOK_MS));
      lookIn(LOOK_MS);
    },
    sweep,
    async stop() {
      stopped = true;
      cancelTimer();
      await running?.catch(() => {});
      for (const id of profiles.heldIds()) {
        await profiles.save(id, 1).catch((error: unknown) => {
          log.error(
            { profile_id: id, err: describeError(error) },
            "saving a shield profile failed",
          );
        });
      }
    },
  };
}
