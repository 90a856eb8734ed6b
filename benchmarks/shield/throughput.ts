import type { ControlPlaneReady } from "../lib/control-plane.js";
import { startServer } from "../lib/processes.js";
import type { Row } from "../lib/report.js";
import { quantile, round } from "../lib/stats.js";
import { connectObserver, type Observer } from "./observer.js";
import type { Trace } from "./trace.js";

const ROUNDS = 5;
const ROUND_MS = 3_000;
const TOGETHER = 4;

/** Observations per second through HTTP, in batches, beside a server that only keeps them. */
export async function measureThroughput(traces: readonly Trace[]): Promise<readonly Row[]> {
  await using controlPlane = await startServer<ControlPlaneReady>(
    new URL("../lib/control-plane.ts", import.meta.url),
  );
  await using bare = await startServer<ControlPlaneReady>(
    new URL("../peers/observations.ts", import.meta.url),
  );
  const sides = [controlPlane, bare].map(({ ready }) => ({
    observer: connectObserver(ready, traces, "agentdojo", TOGETHER),
    perSecond: [] as number[],
  }));
  for (const { observer } of sides) await observeFor(observer);
  // In turns, so that both meet the same moods of a shared machine.
  for (let index = 0; index < ROUNDS; index++) {
    for (const { observer, perSecond } of sides) perSecond.push(await observeFor(observer));
  }
  for (const { observer } of sides) await observer.close();
  const [ours = [], peer = []] = sides.map(({ perSecond }) => perSecond);
  const ratios = ours.map((speed, index) => speed / (peer[index] as number));
  return [
    {
      figure: `observations per second through HTTP, batches of 100, ${TOGETHER} at once`,
      value: rate(ours),
      aim: "≥ 5,000",
    },
    { figure: "the same, bare Hono that checks and keeps them", value: rate(peer) },
    { figure: "Holdpoint ÷ bare Hono", value: `${round(quantile(ratios, 0.5))} ×` },
  ];
}

async function observeFor(observer: Observer): Promise<number> {
  let observed = 0;
  const started = performance.now();
  const lane = async () => {
    while (performance.now() - started < ROUND_MS) {
      const told = await observer.observe();
      // Added after the wait: the other lanes have added theirs meanwhile.
      observed += told;
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, lane));
  return (observed * 1_000) / (performance.now() - started);
}

function rate(speeds: readonly number[]): string {
  return `${round(quantile(speeds, 0.5))} (${round(Math.max(...speeds))})`;
}
