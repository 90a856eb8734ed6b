import type { Context } from "../../context.js";
import { resumeRun } from "../../domain/shield/run.js";
import type { Page } from "../../store/store.js";
import type { ShieldRun, ShieldStore, StoredShieldProfile } from "../../store/verbs/shield.js";

/** A run, and whether it waits for a person. */
export interface FollowedRun extends ShieldRun {
  readonly isPaused: boolean;
}

/** The latest first. */
export async function listRuns(
  { store, shield, clock }: Pick<Context, "store" | "shield" | "clock">,
  { id, mode, settings: { pauseAfter } }: StoredShieldProfile,
  query: Parameters<ShieldStore["listRuns"]>[1],
): Promise<Page<FollowedRun>> {
  const { items, nextCursor } = await store.shield.listRuns(id, query);
  const profile = await shield.profile(id);
  const isPaused = ({ runKey }: ShieldRun) => {
    const run = resumeRun(profile.cursor(runKey), clock.now());
    return mode === "enforce" && (run?.departuresInARow ?? 0) >= pauseAfter;
  };
  return { items: items.map((run) => ({ ...run, isPaused: isPaused(run) })), nextCursor };
}
