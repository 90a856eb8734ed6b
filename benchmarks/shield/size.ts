import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../lib/processes.js";
import type { Row } from "../lib/report.js";
import { quantile, round } from "../lib/stats.js";
import type { Grown } from "./grow.js";
import type { Loaded } from "./load.js";
import type { Naive } from "./naive.js";

const LOADS = 5;
const MIB = 2 ** 20;

/** What a profile with a million transitions takes to load and to keep, in processes of its own. */
export async function measureSize(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
  const environment = { HOLDPOINT_BENCH_SNAPSHOT: join(folder, "profile") };
  try {
    const grown = await readReady<Grown>(new URL("./grow.ts", import.meta.url), environment);
    const loads: Loaded[] = [];
    for (let load = 0; load < LOADS; load++) {
      loads.push(await readReady<Loaded>(new URL("./load.ts", import.meta.url), environment));
    }
    const naive = await readReady<Naive>(new URL("./naive.ts", import.meta.url), environment);
    const decodeMs = quantile(
      loads.map((loaded) => loaded.decodeMs),
      0.5,
    );
    const residentBytes = Math.max(...loads.map((loaded) => loaded.residentBytes));
    return [
      {
        figure: "steps per second, a full profile: 10⁶ transitions of both orders",
        value: Math.round(grown.perSecond).toLocaleString("en"),
        aim: "≥ 100,000",
      },
      { figure: "its snapshot", value: `${round(grown.bytes / MIB)} MiB` },
      { figure: "writing the snapshot", value: `${round(grown.encodeMs)} ms` },
      {
        figure: "loading it, median of five processes",
        value: `${round(decodeMs)} ms`,
        aim: "≤ 1,000 ms",
      },
      {
        figure: "resident memory it takes, the largest of five",
        value: `${round(residentBytes / MIB)} MiB`,
        aim: "≤ 200 MB",
      },
      {
        figure: `maps in maps with ${naive.transitions.toLocaleString("en")} transitions of one order`,
        value: `${round(naive.residentBytes / MIB)} MiB`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readReady<Ready>(
  file: URL,
  environment: Readonly<Record<string, string>>,
): Promise<Ready> {
  await using child = await startServer<Ready>(file, environment);
  return child.ready;
}
