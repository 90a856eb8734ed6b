import { readFile } from "node:fs/promises";
// Not part of the package's surface: what is measured here is reading a snapshot alone.
import { decodeProfile } from "../../packages/server/src/domain/shield/profile.js";
import { serveParent } from "../lib/processes.js";

/** A profile read from its snapshot. */
export interface Loaded {
  readonly decodeMs: number;
  /** Resident memory that it takes, in bytes, once its snapshot is gone. */
  readonly residentBytes: number;
}

const before = collect();
let bytes: Uint8Array | undefined = await readFile(process.env.HOLDPOINT_BENCH_SNAPSHOT as string);
const started = performance.now();
const profile = decodeProfile(bytes);
const decodeMs = performance.now() - started;
bytes = undefined;
// The garbage of reading goes in two rounds: what held it first.
collect();
await new Promise((resolve) => setImmediate(resolve));
const loaded: Loaded = { decodeMs, residentBytes: collect() - before };
serveParent(loaded, async () => {
  if (profile.sequence === 0) throw new Error("Expected a profile of some steps.");
});

function collect(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
