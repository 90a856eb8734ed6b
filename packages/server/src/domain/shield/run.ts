import type { ShieldContext, ShieldIntent, ShieldStep } from "./entry.js";
import type { Filling } from "./filling.js";
import type { ScoreContext } from "./score.js";

/** A run is over when nothing has happened in it for so long, by our clock: 30 minutes. */
export const RUN_IDLE_MS = 1_800_000;
/** For so long a run that has an id can go on after it was over: 7 days. */
export const RUN_KEPT_MS = 604_800_000;
/** By so much an agent's clock may be ahead of ours; what claims to be later claims nothing. */
const AHEAD_MS = 60_000;
/** A step older than this is none that came late: the agent's clock was put back. */
const LATE_WITHIN_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Where a run stands. */
export interface RunCursor extends ShieldContext {
  readonly key: string;
  readonly steps: number;
  readonly maxSurpriseBits: number;
  /** Departures in a row, up to now. */
  readonly departuresNow: number;
  /**
   * The most of them there have been since a person has last called a step of the run usual: what pauses
   * it. A harmless step in between does not take it back.
   */
  readonly departuresInARow: number;
  readonly lastReceivedAt: number;
  /** Of the last step that said so, by the agent's clock. */
  readonly lastObservedAt?: number;
  /** The same action with the same fingerprint in a row, up to now; 0 where there is no fingerprint. */
  readonly repeats: number;
  readonly fingerprint?: string;
  /** Steps that came in the minute (UTC) of `lastReceivedAt`, and in the one before. */
  readonly inMinute: number;
  readonly inMinuteBefore: number;
  /** What it has cost, in minor units by currency. */
  readonly cost: Readonly<Record<string, number>>;
  /** It was said to be over, or found to be. With an id it may still go on. */
  readonly ended: boolean;
}

/** What moves a cursor. */
export type AdvancingStep = Pick<
  ShieldIntent,
  "runKey" | "action" | "fingerprint" | "cost" | "observedAt" | "receivedAt" | "endsRun"
> &
  Pick<ShieldStep, "surpriseBits" | "departs">;

/**
 * The cursor as far as it matters for a step of now. `undefined`: the step begins the run anew. A run
 * with an id goes on for 7 days; without one, until it is said to be over or 30 minutes have passed.
 */
export function resumeRun(
  cursor: RunCursor | undefined,
  receivedAt: number,
): RunCursor | undefined {
  if (cursor === undefined) return undefined;
  const idleMs = receivedAt - cursor.lastReceivedAt;
  const isOver = hasId(cursor.key) ? idleMs >= RUN_KEPT_MS : cursor.ended || idleMs >= RUN_IDLE_MS;
  return isOver ? undefined : cursor;
}

/** What a step of the run is measured in. */
export function contextOf(
  cursor: RunCursor | undefined,
  { receivedAt }: Pick<ShieldIntent, "receivedAt">,
): ScoreContext {
  const context: Filling<ScoreContext> = {};
  const run = resumeRun(cursor, receivedAt);
  if (run?.previous !== undefined) context.previous = run.previous;
  if (run?.beforePrevious !== undefined) context.beforePrevious = run.beforePrevious;
  if (run?.lastObservedAt !== undefined) context.lastObservedAt = run.lastObservedAt;
  return context;
}

/**
 * Whether a step happened before the last one of its run: it counts by itself, not for the way it was
 * reached.
 */
export function isLate(
  cursor: RunCursor | undefined,
  { observedAt, receivedAt }: Pick<ShieldIntent, "observedAt" | "receivedAt">,
): boolean {
  const lastObservedAt = resumeRun(cursor, receivedAt)?.lastObservedAt;
  if (lastObservedAt === undefined || observedAt === undefined) return false;
  return observedAt < lastObservedAt && lastObservedAt - observedAt <= LATE_WITHIN_MS;
}

/** Where a run stands after a step. One that came late moves nothing, except that it may end the run. */
export function advanceRun(cursor: RunCursor | undefined, step: AdvancingStep): RunCursor {
  const run = resumeRun(cursor, step.receivedAt);
  if (run !== undefined && isLate(run, step)) {
    return step.endsRun ? { ...run, ended: true } : run;
  }
  const { runKey, action, fingerprint, receivedAt } = step;
  const departuresNow = step.departs ? (run?.departuresNow ?? 0) + 1 : 0;
  const lastObservedAt = believed(step) ?? run?.lastObservedAt;
  const { inMinute, inMinuteBefore } = minutesOf(run, receivedAt);
  const next: Filling<RunCursor> = {
    key: runKey,
    previous: action,
    steps: (run?.steps ?? 0) + 1,
    maxSurpriseBits: Math.max(run?.maxSurpriseBits ?? 0, step.surpriseBits),
    departuresNow,
    departuresInARow: Math.max(run?.departuresInARow ?? 0, departuresNow),
    lastReceivedAt: receivedAt,
    repeats: repeatsOf(run, step),
    inMinute,
    inMinuteBefore,
    cost: costOf(run, step),
    ended: step.endsRun,
  };
  if (run?.previous !== undefined) next.beforePrevious = run.previous;
  if (lastObservedAt !== undefined) next.lastObservedAt = lastObservedAt;
  if (fingerprint !== undefined) next.fingerprint = fingerprint;
  return next;
}

/** After a person has called a step of it usual. */
export function forgiveRun(cursor: RunCursor): RunCursor {
  return { ...cursor, departuresNow: 0, departuresInARow: 0 };
}

/** Run keys are `<agentId>/<runId>`, or the agent's id alone. */
export function hasId(runKey: string): boolean {
  return runKey.includes("/");
}

/** How often in a row it will have been the same action with the same arguments, after this one. */
export function repeatsOf(
  run: RunCursor | undefined,
  { action, fingerprint }: Pick<ShieldIntent, "action" | "fingerprint">,
): number {
  if (fingerprint === undefined) return 0;
  const isSame = run?.previous === action && run.fingerprint === fingerprint;
  return isSame ? run.repeats + 1 : 1;
}

/** Steps in the minute of this one, with it, and in the minute before. */
export function minutesOf(
  run: RunCursor | undefined,
  receivedAt: number,
): Pick<RunCursor, "inMinute" | "inMinuteBefore"> {
  if (run === undefined) return { inMinute: 1, inMinuteBefore: 0 };
  const minutes = Math.floor(receivedAt / MINUTE_MS) - Math.floor(run.lastReceivedAt / MINUTE_MS);
  // A clock that was put back makes no room.
  if (minutes <= 0) return { inMinute: run.inMinute + 1, inMinuteBefore: run.inMinuteBefore };
  return { inMinute: 1, inMinuteBefore: minutes === 1 ? run.inMinute : 0 };
}

/** What the run will have cost, after this step. */
export function costOf(
  run: RunCursor | undefined,
  { cost }: Pick<ShieldIntent, "cost">,
): RunCursor["cost"] {
  const before = run?.cost ?? {};
  if (cost === undefined) return before;
  const { currency, amountMinor } = cost;
  const spent = Object.hasOwn(before, currency) ? (before[currency] ?? 0) : 0;
  return { ...before, [currency]: spent + amountMinor };
}

function believed({ observedAt, receivedAt }: AdvancingStep): number | undefined {
  return observedAt !== undefined && observedAt <= receivedAt + AHEAD_MS ? observedAt : undefined;
}
