import { createHash } from "node:crypto";
import type { DetectorKind, Measure } from "./detector.js";
import type { Trace } from "./trace.js";

const FOLDS = 5;

/** A run that was not learnt from, step by step as it was measured. */
export interface Replay {
  readonly trace: Trace;
  readonly measures: readonly Measure[];
}

/** What one detector made of one suite. */
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

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
