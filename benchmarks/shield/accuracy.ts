import { BASELINES } from "./baselines.js";
import { readTraces } from "./file.js";
import { average, HOLD_ONE_IN, type Metrics, measure } from "./metrics.js";
import { SHIELDS } from "./ours.js";
import { isBenign, replay, type Split, type Teaching, teach } from "./replay.js";
import type { Trace, TraceStep } from "./trace.js";

export const SUITES = ["banking", "slack", "travel", "workspace"] as const;

/** What a detector makes of each suite, and of all in the mean. */
export interface DetectorAccuracy {
  readonly name: string;
  readonly suites: readonly Metrics[];
  readonly mean: Metrics;
  /** Runs it knew when it could be locked, of each suite and fifth in which it could. */
  readonly lockedAtRuns: readonly number[];
  /** Suites and fifths in which it could not. */
  readonly neverLocked: number;
}

/** All there is to tell of published traces. The same numbers each time. */
export interface Accuracy {
  readonly splits: Readonly<Record<Split, readonly DetectorAccuracy[]>>;
  /** The shield on new tasks, while a person answers, for each of {@link HOLD_ONE_IN}. */
  readonly taught: readonly (Teaching & { readonly holdOneIn: number })[];
  /** Of each suite, attacked runs whose harmful call has an action and a shape of benign runs, 0 … 1. */
  readonly everyday: readonly number[];
  /** tau-bench: an agent of one service, whom nobody attacks. */
  readonly airline: readonly { readonly name: string; readonly metrics: Metrics }[];
}

export async function loadTraces(name: "agentdojo" | "tau-bench"): Promise<readonly Trace[]> {
  return readTraces(new URL(`data/${name}.jsonl`, import.meta.url));
}

export async function measureAccuracy(): Promise<Accuracy> {
  const traces = await loadTraces("agentdojo");
  const airline = await loadTraces("tau-bench");
  const kinds = [...SHIELDS, ...BASELINES];
  const [shield] = SHIELDS;
  if (shield === undefined) throw new Error("Expected a shield.");
  const bySuite = SUITES.map((suite) => traces.filter((trace) => trace.suite === suite));
  const ofSplit = (split: Split) =>
    kinds.map((kind): DetectorAccuracy => {
      const replays = bySuite.map((ofSuite) => replay(ofSuite, kind, split));
      const learnt = replays.flatMap((suite) => suite.learnt);
      const lockedAtRuns = learnt.flatMap((fold) => fold.lockedAtRuns ?? []);
      const suites = replays.map(measure);
      return {
        name: kind.name,
        suites,
        mean: average(suites),
        lockedAtRuns,
        neverLocked: learnt.length - lockedAtRuns.length,
      };
    });
  return {
    splits: { tasks: ofSplit("tasks"), agents: ofSplit("agents") },
    taught: HOLD_ONE_IN.map((holdOneIn) => ({
      holdOneIn,
      ...addUp(bySuite.map((suite) => teach(suite, shield, { split: "tasks", holdOneIn }))),
    })),
    everyday: bySuite.map(shareOfEveryday),
    airline: kinds.map((kind) => ({
      name: kind.name,
      metrics: measure(replay(airline.filter(isBenign), kind, "tasks")),
    })),
  };
}

function shareOfEveryday(traces: readonly Trace[]): number {
  const nameOf = (step: TraceStep | undefined) =>
    JSON.stringify([step?.action, step?.skeletonHash]);
  const seen = new Set(traces.filter(isBenign).flatMap(({ steps }) => steps.map(nameOf)));
  const attacked = traces.filter((trace) => !isBenign(trace));
  return attacked.filter(({ steps }) => seen.has(nameOf(steps.at(-1)))).length / attacked.length;
}

function addUp(all: readonly Teaching[]): Teaching {
  const total = (pick: (teaching: Teaching) => number) =>
    all.reduce((sum, teaching) => sum + pick(teaching), 0);
  return {
    runs: total(({ runs }) => runs),
    shown: total(({ shown }) => shown),
    laterRuns: total(({ laterRuns }) => laterRuns),
    laterShown: total(({ laterShown }) => laterShown),
    attacked: total(({ attacked }) => attacked),
    held: total(({ held }) => held),
  };
}
