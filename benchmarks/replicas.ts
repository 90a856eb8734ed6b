import { randomBytes } from "node:crypto";
import { startPostgres } from "@holdpoint/test-postgres";
import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { runLoops } from "./lib/loop.js";
import { startServer } from "./lib/processes.js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const ROUNDS = 5;
const ROUND_MS = 3_000;
const TOGETHER = 32;

/** Create → decide loops on PostgreSQL, against one server and against two that share it. */
export async function measureReplicas(): Promise<void> {
  await using postgres = await startPostgres();
  const environment = {
    HOLDPOINT_BENCH_DATABASE: await postgres.createDatabase(),
    HOLDPOINT_BENCH_MASTER_KEY: randomBytes(32).toString("base64url"),
  };
  const file = new URL("lib/control-plane.ts", import.meta.url);
  await using first = await startServer<ControlPlaneReady>(file, environment);
  await using second = await startServer<ControlPlaneReady>(file, environment);
  const alone = [new BenchClient(first.ready, TOGETHER)];
  // The same credentials hold at both.
  const both = [first, second].map(
    ({ ready: { url } }) => new BenchClient({ ...first.ready, url }, TOGETHER / 2),
  );
  const perSecond: { alone: number[]; both: number[] } = { alone: [], both: [] };
  await loopsPerSecond(both);
  for (let index = 0; index < ROUNDS; index++) {
    perSecond.alone.push(await loopsPerSecond(alone));
    perSecond.both.push(await loopsPerSecond(both));
  }
  for (const client of [...alone, ...both]) await client.close();
  const ratios = perSecond.both.map((speed, index) => speed / (perSecond.alone[index] as number));
  await writeResult({
    name: "replicas",
    about: `The loops of [loops](loops.md), ${TOGETHER} at once, on a PostgreSQL of this machine with its durable defaults. Client, database and servers share two cores, so two servers show what sharing costs rather than what it brings. ${ROUNDS} rounds in turns; medians (and the best round).`,
    rows: [
      { figure: "loops per second, one server", value: describe(perSecond.alone) },
      { figure: "loops per second, two servers", value: describe(perSecond.both) },
      { figure: "two ÷ one", value: `${round(quantile(ratios, 0.5))} ×` },
    ],
  });
}

function describe(speeds: readonly number[]): string {
  return `${round(quantile(speeds, 0.5))} (${round(Math.max(...speeds))})`;
}

async function loopsPerSecond(clients: readonly BenchClient[]): Promise<number> {
  const share = TOGETHER / clients.length;
  const loops = await Promise.all(clients.map((client) => runLoops(client, share, ROUND_MS)));
  return loops.reduce((sum, { perSecond }) => sum + perSecond, 0);
}
