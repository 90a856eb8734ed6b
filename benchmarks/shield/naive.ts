import { serveParent } from "../lib/processes.js";
import { RUNS_TO_FILL, walkAtRandom } from "./large.js";

/** What maps in maps take for transitions of one order: a quarter of what a profile knows of them. */
export interface Naive {
  readonly transitions: number;
  readonly residentBytes: number;
}

const before = collect();
const rows = new Map<string, Map<string, number>>();
const runs = walkAtRandom();
let transitions = 0;
for (let run = 0; run < RUNS_TO_FILL; run++) {
  let previous = "";
  for (const { action } of runs.next().value) {
    const row = rows.get(previous) ?? new Map<string, number>();
    rows.set(previous, row);
    if (!row.has(action)) transitions += 1;
    row.set(action, (row.get(action) ?? 0) + 1);
    previous = action;
  }
}
const naive: Naive = { transitions, residentBytes: collect() - before };
serveParent(naive, async () => {
  if (rows.size === 0) throw new Error("Expected rows.");
});

function collect(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
