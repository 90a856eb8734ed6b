import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { queryOptions } from "@tanstack/react-query";
import { fetchStepPage, runStepsKey, type ShieldPlace } from "./queries.js";

/** A run is drawn as it happens. */
const LIVE_MS = 1_000;
/** One that has rested is looked at now and then: it may go on. */
const RESTING_MS = 10_000;
/** After so long without a step a run is as good as over. */
const RESTS_AFTER_MS = 30 * 60_000;
/** More steps than anybody walks through; the latest are kept. */
const MOST_PAGES = 10;

/** The steps of a run in their order. */
export interface RunSteps {
  readonly steps: readonly WireShieldStep[];
  /** There are earlier ones than the first. */
  readonly isCut: boolean;
}

/** The steps of one run, looked up each second while it goes on and the page is in view. */
export function runStepsQuery(projectId: string, place: ShieldPlace, runKey: string) {
  const queryKey = runStepsKey(projectId, place, runKey);
  return queryOptions({
    queryKey,
    queryFn: ({ client, signal }): Promise<RunSteps> =>
      loadRunSteps(client.getQueryData<RunSteps>(queryKey), (cursor) =>
        fetchStepPage(
          projectId,
          place,
          { run_key: runKey, limit: LIMITS.maxPageSize, cursor },
          signal,
        ),
      ),
    refetchInterval: ({ state }) => pauseAfter(state.data?.steps.at(-1), Date.now()),
  });
}

/** How long until it is looked up again, in milliseconds. */
export function pauseAfter(last: WireShieldStep | undefined, nowMs: number): number {
  if (last === undefined) return LIVE_MS;
  const rests = last.ends_run === true || nowMs - Date.parse(last.at) > RESTS_AFTER_MS;
  return rests ? RESTING_MS : LIVE_MS;
}

/**
 * Loads pages from the newest step back, until they meet what is known already or the run's beginning.
 * The newest page is always loaded anew, for people's words on its steps may have changed.
 */
export async function loadRunSteps(
  known: RunSteps | undefined,
  loadPage: (cursor: string | undefined) => Promise<WireList<WireShieldStep>>,
): Promise<RunSteps> {
  const fresh: WireShieldStep[] = [];
  const newest = known?.steps.at(-1)?.sequence;
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, next_cursor: next } = await loadPage(cursor);
    fresh.unshift(...[...data].reverse());
    const [earliest] = fresh;
    if (next === null || next === undefined || earliest === undefined) {
      return { steps: fresh, isCut: false };
    }
    if (newest !== undefined && earliest.sequence <= newest) {
      const before = known?.steps.filter(({ sequence }) => sequence < earliest.sequence) ?? [];
      return { steps: [...before, ...fresh], isCut: known?.isCut ?? false };
    }
    cursor = next;
  }
  return { steps: fresh, isCut: true };
}
