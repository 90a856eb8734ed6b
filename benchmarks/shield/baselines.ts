// Not part of the package's surface: thresholds are found for all in the shield's own way.
import { Calibration } from "../../packages/server/src/domain/shield/fold/calibration.js";
import type { Detector, DetectorKind, Measure } from "./detector.js";
import type { TraceStep } from "./trace.js";

const START = "";

const SEEN: Measure = { bits: 0, oneIn: 1, calibratedRuns: Infinity };
const UNSEEN: Measure = { bits: 1, oneIn: Infinity, calibratedRuns: Infinity };

/** What a baseline counts, and how surprised it is. */
export interface Counter {
  bits(step: TraceStep, previous: string): number;
  count(step: TraceStep, previous: string): void;
}

/** The peers: what one would write in an afternoon. */
export const BASELINES: readonly DetectorKind[] = [
  { name: "never-seen action", create: () => holdUnseen(({ action }) => action) },
  {
    name: "never-seen bigram",
    create: () => holdUnseen(({ action }, previous) => JSON.stringify([previous, action])),
  },
  { name: "action frequency", create: () => calibrate(countActions()) },
  { name: "plain bigram", create: () => calibrate(countBigrams()) },
];

/** Holds what it has not seen: a rule with nothing to set. */
function holdUnseen(nameOf: (step: TraceStep, previous: string) => string): Detector {
  const seen = new Set<string>();
  return {
    learn: (run) => {
      for (const [step, previous] of walk(run)) seen.add(nameOf(step, previous));
    },
    measure: (run) =>
      walk(run).map(([step, previous]) => (seen.has(nameOf(step, previous)) ? SEEN : UNSEEN)),
  };
}

/** Calibrates as the shield does: against the most surprising step of each run, before it was learnt. */
function calibrate(counter: Counter): Detector {
  const calibration = new Calibration();
  return {
    learn: (run) => {
      let maxBits = 0;
      for (const [step, previous] of walk(run)) {
        maxBits = Math.max(maxBits, counter.bits(step, previous));
        counter.count(step, previous);
      }
      calibration.push(maxBits);
    },
    measure: (run) =>
      walk(run).map(([step, previous]): Measure => {
        const bits = counter.bits(step, previous);
        const oneIn = calibration.oneIn(bits);
        return { bits, calibratedRuns: calibration.size, ...(oneIn !== undefined && { oneIn }) };
      }),
  };
}

/** Of an action, wherever it comes: add one to each, and one for those never seen. */
function countActions(): Counter {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    bits: ({ action }) => -Math.log2(((counts.get(action) ?? 0) + 1) / (all + counts.size + 1)),
    count: ({ action }) => {
      counts.set(action, (counts.get(action) ?? 0) + 1);
      all += 1;
    },
  };
}

/** Of an action after another, add one: no back-off to how frequent it is elsewhere, no shapes. */
export function countBigrams(): Counter {
  const actions = new Set<string>();
  const rows = new Map<string, { all: number; readonly to: Map<string, number> }>();
  return {
    bits: ({ action }, previous) => {
      const row = rows.get(previous);
      return -Math.log2(((row?.to.get(action) ?? 0) + 1) / ((row?.all ?? 0) + actions.size + 1));
    },
    count: ({ action }, previous) => {
      actions.add(action);
      const row = rows.get(previous) ?? { all: 0, to: new Map<string, number>() };
      rows.set(previous, row);
      row.all += 1;
      row.to.set(action, (row.to.get(action) ?? 0) + 1);
    },
  };
}

function walk(run: readonly TraceStep[]): readonly (readonly [TraceStep, string])[] {
  return run.map((step, index) => [step, run[index - 1]?.action ?? START]);
}
