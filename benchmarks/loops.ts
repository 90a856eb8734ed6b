import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { startServer } from "./lib/processes.js";
import { type Result, writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const DURATION_MS = 10_000;
const WARM_UP_MS = 2_000;

/** Create → decide loops, every answer on disk before it is given. */
export async function measureLoops(): Promise<void> {
  await using server = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const client = new BenchClient(server.ready, 64);
  await runLoops(client, 32, WARM_UP_MS);
  const alone = await runLoops(client, 1, DURATION_MS);
  const together = await runLoops(client, 32, DURATION_MS);
  await client.close();
  await writeResult({
    name: "loops",
    about:
      "An agent creates a request and an operator approves it, over and over, on SQLite with `synchronous=FULL`. Client and server share the machine.",
    rows: [
      {
        figure: "loops per second, 32 at once",
        value: `${round(together.perSecond)}`,
        aim: "≥ 1,500",
      },
      { figure: "loops per second, 1 at a time", value: `${round(alone.perSecond)}` },
      {
        figure: "create alone, p50",
        value: `${round(quantile(alone.createMs, 0.5))} ms`,
        aim: "≤ 3 ms",
      },
      { figure: "create alone, p99", value: `${round(quantile(alone.createMs, 0.99))} ms` },
      {
        figure: "create with 32 at once, p50",
        value: `${round(quantile(together.createMs, 0.5))} ms`,
      },
    ],
  } satisfies Result);
}

interface LoopFigures {
  readonly perSecond: number;
  readonly createMs: readonly number[];
}

async function runLoops(
  client: BenchClient,
  concurrency: number,
  durationMs: number,
): Promise<LoopFigures> {
  const createMs: number[] = [];
  const started = performance.now();
  const loop = async () => {
    while (performance.now() - started < durationMs) {
      const createStarted = performance.now();
      const request = await client.create();
      createMs.push(performance.now() - createStarted);
      await client.approve(request);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (performance.now() - started) / 1_000;
  return { perSecond: createMs.length / seconds, createMs };
}
