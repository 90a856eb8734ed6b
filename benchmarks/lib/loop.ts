import type { BenchClient } from "./client.js";

/** How fast requests were created and decided. */
export interface Loops {
  readonly perSecond: number;
  readonly createMs: readonly number[];
}

/** Creates and decides, `concurrency` at once, for so long. */
export async function runLoops(
  client: BenchClient,
  concurrency: number,
  durationMs: number,
): Promise<Loops> {
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
