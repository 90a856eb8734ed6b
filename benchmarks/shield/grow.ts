import { writeFile } from "node:fs/promises";
import { serveParent } from "../lib/processes.js";
import { Follower } from "./follower.js";
import { RUNS_TO_FILL, walkAtRandom } from "./large.js";

/** A profile as large as one may be, and how fast it takes steps. */
export interface Grown {
  readonly transitions: number;
  readonly warnings: readonly string[];
  readonly perSecond: number;
  readonly encodeMs: number;
  readonly bytes: number;
}

const follower = new Follower("high");
const runs = walkAtRandom();
for (let run = 0; run < RUNS_TO_FILL; run++) follower.learn(runs.next().value);
const steps = Array.from({ length: 10_000 }, () => follower.prepare(runs.next().value)).flat();
const started = process.cpuUsage();
for (const step of steps) follower.take(step);
const { user, system } = process.cpuUsage(started);
const perSecond = (steps.length * 1_000_000) / (user + system);
const encodeStarted = performance.now();
const bytes = follower.profile.encode();
const encodeMs = performance.now() - encodeStarted;
await writeFile(process.env.HOLDPOINT_BENCH_SNAPSHOT as string, bytes);
const { transitions, warnings } = follower.profile.describe();
const grown: Grown = { transitions, warnings, perSecond, encodeMs, bytes: bytes.length };
serveParent(grown, async () => {});
