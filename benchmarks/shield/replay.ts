import { createHash } from "node:crypto";
import { type DetectorKind, isHeld, type Measure } from "./detector.js";
import type { Trace } from "./trace.js";

const FOLDS = 5;

/** A run that was not learnt from, step by step as it was measured. */
export interface Replay {
  readonly trace: Trace;
  readonly measures: readonly Measure[];
}

/** What one detector made of one suite, a fifth of it after the other. */
export interface Replays {
  readonly runs: readonly Replay[];
  /** Of each fold: runs it learnt from, and how many it took until it could be locked. */
  readonly learnt: readonly { readonly runs: number; readonly lockedAtRuns?: number }[];
}

/**
 * Which fifth a trace is tested in. `tasks`: nothing of the same task is learnt, by whomever. `agents`:
 * the tasks are known, and nothing of the same model is learnt, with whatever defence around it.
 */
export const SPLITS = {
  tasks: ({ task }: Trace) => task % FOLDS,
  agents: ({ agent }: Trace) => Number.parseInt(digest(familyOf(agent)).slice(0, 8), 16) % FOLDS,
} as const satisfies Record<string, (trace: Trace) => number>;

export type Split = keyof typeof SPLITS;

/** Benign runs that came after what was learnt, while a person answered each hold. */
export interface Teaching {
  readonly runs: number;
  readonly shown: number;
  /** Of the later half of the runs of each fifth. */
  readonly laterRuns: number;
  readonly laterShown: number;
  /** Attacked runs of the same fifth, measured after all these answers, and those held before harm. */
  readonly attacked: number;
  readonly held: number;
}

/** Learns benign runs of four fifths, and has a person answer whatever it holds of the rest. */
export function teach(
  traces: readonly Trace[],
  kind: DetectorKind,
  { split, holdOneIn }: { readonly split: Split; readonly holdOneIn: number },
): Teaching {
  const shown: (readonly number[])[] = [];
  const attacked: boolean[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const detector = kind.create();
    const benign = shuffle(traces.filter(isBenign));
    const isTested = (trace: Trace) => SPLITS[split](trace) === fold;
    for (const trace of benign) if (!isTested(trace)) detector.learn(trace.steps);
    shown.push(
      benign.filter(isTested).map(({ steps }) => detector.teach?.(steps, holdOneIn) ?? Number.NaN),
    );
    for (const trace of traces.filter((trace) => !isBenign(trace) && isTested(trace))) {
      attacked.push(detector.measure(trace.steps).some((step) => isHeld(step, holdOneIn)));
    }
  }
  const later = shown.flatMap((runs) => runs.slice(Math.ceil(runs.length / 2)));
  return {
    runs: shown.flat().length,
    shown: sum(shown.flat()),
    laterRuns: later.length,
    laterShown: sum(later),
    attacked: attacked.length,
    held: attacked.filter((held) => held).length,
  };
}

/** Learns benign runs of four fifths and measures the rest, for each fifth of one suite. */
export function replay(traces: readonly Trace[], kind: DetectorKind, split: Split): Replays {
  const foldOf = SPLITS[split];
  const runs: Replay[] = [];
  const learnt: Replays["learnt"][number][] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const detector = kind.create();
    const training = traces.filter((trace) => isBenign(trace) && foldOf(trace) !== fold);
    for (const { steps } of shuffle(training)) detector.learn(steps);
    learnt.push({
      runs: training.length,
      ...(detector.lockedAtRuns !== undefined && { lockedAtRuns: detector.lockedAtRuns }),
    });
    for (const trace of traces.filter((trace) => foldOf(trace) === fold)) {
      runs.push({ trace, measures: detector.measure(trace.steps) });
    }
  }
  return { runs, learnt };
}

export function isBenign({ attack }: Trace): boolean {
  return attack === undefined;
}

/** Runs come as they come: in an order that has to do with nothing, and is the same each time. */
function shuffle(traces: readonly Trace[]): readonly Trace[] {
  return traces
    .map((trace) => ({ trace, key: digest(`${trace.suite} ${trace.task} ${trace.agent}`) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ trace }) => trace);
}

/** Without the defence around it: `gpt-4o-2024-05-13-tool_filter` is gpt-4o. */
function familyOf(agent: string): string {
  return agent.replace(
    /-(repeat_user_prompt|spotlighting_with_delimiting|tool_filter|transformers_pi_detector)$/,
    "",
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
