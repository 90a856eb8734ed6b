import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { describe, expect, it } from "vitest";
import { loadRunSteps, pauseAfter } from "./run-steps.js";

const step = (sequence: number, more: object = {}) =>
  ({ id: `obs_${sequence}`, sequence, at: new Date(0).toISOString(), ...more }) as WireShieldStep;
const steps = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => step(from + index));

/** Pages of three, newest first, as the server gives them. */
function serverOf(all: readonly WireShieldStep[]) {
  const cursors: (string | undefined)[] = [];
  return {
    cursors,
    load: async (cursor: string | undefined) => {
      cursors.push(cursor);
      const newest = [...all].reverse();
      const at = Number(cursor ?? 0);
      const next = at + 3 < newest.length ? String(at + 3) : null;
      return { data: newest.slice(at, at + 3), next_cursor: next };
    },
  };
}

describe("the steps of a run", () => {
  it("are loaded back to its beginning, in their order", async () => {
    const server = serverOf(steps(1, 7));
    expect(await loadRunSteps(undefined, server.load)).toEqual({
      steps: steps(1, 7),
      isCut: false,
    });
    expect(server.cursors).toEqual([undefined, "3", "6"]);
  });

  it("are then loaded only as far as they are not known, the newest page anew", async () => {
    const known = { steps: steps(1, 7), isCut: false };
    const reviewed = step(7, { review: { answer: "usual" } });
    const server = serverOf([...steps(1, 6), reviewed, step(8)]);
    const loaded = await loadRunSteps(known, server.load);
    expect(loaded.steps).toEqual([...steps(1, 6), reviewed, step(8)]);
    expect(server.cursors).toEqual([undefined]);
  });

  it("have no hole where many came at once", async () => {
    const server = serverOf(steps(1, 12));
    const loaded = await loadRunSteps({ steps: steps(1, 4), isCut: false }, server.load);
    expect(loaded).toEqual({ steps: steps(1, 12), isCut: false });
  });

  it("end somewhere, and say so", async () => {
    const loaded = await loadRunSteps(undefined, serverOf(steps(1, 100)).load);
    expect(loaded.isCut).toBe(true);
    expect(loaded.steps.at(-1)?.sequence).toBe(100);
    expect(loaded.steps).toHaveLength(30);
  });

  it("are looked up each second while the run goes on", () => {
    expect(pauseAfter(undefined, 0)).toBe(1_000);
    expect(pauseAfter(step(1), 60_000)).toBe(1_000);
    expect(pauseAfter(step(1), 3_600_000)).toBe(10_000);
    expect(pauseAfter(step(1, { ends_run: true }), 0)).toBe(10_000);
  });
});
