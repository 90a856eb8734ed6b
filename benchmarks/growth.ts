import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { startServer } from "./lib/processes.js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const REQUESTS = Number(process.env.HOLDPOINT_BENCH_REQUESTS ?? 1_000_000);
const TOGETHER = 32;
const DECILES = 10;
/** One of so many creates is followed by a decision and a read, which are timed too. */
const SAMPLE_EVERY = 10;

/** Whether a full database costs more than an empty one: the same calls, from the first to the last. */
export async function measureGrowth(): Promise<void> {
  await using controlPlane = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const client = new BenchClient(controlPlane.ready, TOGETHER);
  const deciles = Array.from({ length: DECILES }, newDecile);
  let made = 0;
  const loop = async () => {
    while (made < REQUESTS) {
      const index = made++;
      const decile = deciles[Math.floor((index * DECILES) / REQUESTS)] as Decile;
      const request = await timed(decile.createMs, () => client.create());
      if (index % SAMPLE_EVERY !== 0) continue;
      await timed(decile.decideMs, () => client.approve(request));
      await timed(decile.readMs, () => client.read(request.id));
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, loop));
  const residentBytes = await controlPlane.residentBytes();
  await client.close();
  const [first] = deciles;
  const last = deciles.at(-1);
  if (first === undefined || last === undefined) throw new Error("Expected ten deciles.");
  const row = (name: string, pick: (decile: Decile) => readonly number[]) => {
    const [before, after] = [quantile(pick(first), 0.5), quantile(pick(last), 0.5)];
    return {
      figure: `${name}, p50, first tenth → last tenth`,
      value: `${round(before)} → ${round(after)} ms, ${round(after / before)} ×`,
      aim: "≤ 1.2 ×",
    };
  };
  await writeResult({
    name: "growth",
    about: `${REQUESTS.toLocaleString("en")} requests are created, ${TOGETHER} at once, on one SQLite file; one of ${SAMPLE_EVERY} is decided and read. With receipts, their log and history. The first tenth of the calls beside the last.`,
    rows: [
      row("create", ({ createMs }) => createMs),
      row("decide", ({ decideMs }) => decideMs),
      row("read", ({ readMs }) => readMs),
      { figure: "memory of the server at the end", value: `${round(residentBytes / 2 ** 20)} MiB` },
    ],
  });
}

interface Decile {
  readonly createMs: number[];
  readonly decideMs: number[];
  readonly readMs: number[];
}

function newDecile(): Decile {
  return { createMs: [], decideMs: [], readMs: [] };
}

async function timed<Result>(into: number[], call: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await call();
  into.push(performance.now() - started);
  return result;
}
