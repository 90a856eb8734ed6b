import type { Row } from "../lib/report.js";
import { quantile, round } from "../lib/stats.js";
import { countBigrams } from "./baselines.js";
import { Follower } from "./follower.js";
import type { Trace } from "./trace.js";

const ROUNDS = 9;
const STEPS = 100_000;

/** Steps that one core measures and counts in a second, beside a naive bigram of maps in maps. */
export function measureSpeed(traces: readonly Trace[]): readonly Row[] {
  const sides = [newShield("medium"), newShield("high"), newBigram()].map((prepare) => ({
    prepare,
    perSecond: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { perSecond, prepare } of sides) {
      const take = prepare(takeRuns(traces, round));
      const started = process.cpuUsage();
      take();
      const { user, system } = process.cpuUsage(started);
      perSecond.push((STEPS * 1_000_000) / (user + system));
    }
  }
  // The first two warm up.
  const [ours = 0, ours2 = 0, peer = 0] = sides.map(({ perSecond }) =>
    quantile(perSecond.slice(2), 0.5),
  );
  return [
    {
      figure: "steps measured and counted per second of one core",
      value: count(ours),
      aim: "≥ 100,000",
    },
    { figure: "the same by two steps before", value: count(ours2), aim: "≥ 100,000" },
    { figure: "the same, a plain bigram of maps in maps", value: count(peer) },
    { figure: "Holdpoint ÷ plain bigram", value: `${round(ours / peer)} ×` },
  ];
}

/** Makes what is needed of runs beforehand, and gives what is to be timed. */
type Prepare = (runs: readonly Trace["steps"][]) => () => void;

function newShield(priority: "medium" | "high"): Prepare {
  const follower = new Follower(priority);
  return (runs) => {
    const steps = runs.flatMap((run) => follower.prepare(run));
    return () => {
      for (const step of steps) follower.take(step);
    };
  };
}

function newBigram(): Prepare {
  const bigrams = countBigrams();
  return (runs) => () => {
    for (const run of runs) {
      let previous = "";
      for (const step of run) {
        bigrams.bits(step, previous);
        bigrams.count(step, previous);
        previous = step.action;
      }
    }
  };
}

/** So many steps of runs, others each round. */
function takeRuns(traces: readonly Trace[], round: number): readonly Trace["steps"][] {
  const runs: Trace["steps"][] = [];
  let left = STEPS;
  for (let run = round * 997; left > 0; run++) {
    const steps = (traces[run % traces.length] as Trace).steps.slice(0, left);
    runs.push(steps);
    left -= steps.length;
  }
  return runs;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
