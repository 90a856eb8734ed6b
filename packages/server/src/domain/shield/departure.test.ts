import { describe, expect, it } from "vitest";
import { departs, departureSignals } from "./departure.js";
import { createRandom, TestLog } from "./testing.js";

const ACTIONS = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** An agent that goes from each action to the others with fixed odds: its runs are exchangeable. */
function createAgent(seed: number) {
  const random = createRandom(seed * 7_919);
  const odds = new Map(
    [...ACTIONS, "begin"].map((from) => [from, ACTIONS.map(() => random() ** 4)] as const),
  );
  const draw = (from: string): string => {
    const weights = odds.get(from) ?? [];
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
    return ACTIONS[at] ?? "a";
  };
  return {
    run(): readonly string[] {
      const steps = [draw("begin")];
      while (steps.length < 12 && random() < 0.8) steps.push(draw(steps.at(-1) ?? "begin"));
      return steps;
    },
  };
}

describe("departures", () => {
  it.each([10, 20, 50, 100])(
    "are at most one run in %i of those that are like the runs before",
    (holdOneIn) => {
      const [agents, runs] = [40, 300];
      let departed = 0;
      for (let seed = 1; seed <= agents; seed += 1) {
        const log = new TestLog({ holdOneIn });
        const agent = createAgent(seed);
        for (let run = 0; run < 2 * holdOneIn; run += 1) log.run(`agt_1/${run}`, agent.run());
        log.isLocked = true;
        for (let run = 0; run < runs; run += 1) {
          const steps = log.run(`agt_1/locked_${run}`, agent.run());
          if (steps.some((step) => step.departs)) departed += 1;
        }
      }
      // It is a promise over baselines: one that was locked with few runs may have more, another none.
      expect(departed / (agents * runs)).toBeLessThan(1.1 / holdOneIn);
      expect(departed).toBeGreaterThan(0);
    },
  );

  it("do not become more as the same runs go on", () => {
    const log = new TestLog({ holdOneIn: 50 });
    const agent = createAgent(3);
    for (let run = 0; run < 1_200; run += 1) log.run(`agt_1/${run}`, agent.run());
    log.isLocked = true;
    const share = () => {
      let departed = 0;
      for (let run = 0; run < 5_000; run += 1) {
        const steps = log.run(`agt_1/${log.entries.length}`, agent.run());
        if (steps.some((step) => step.departs)) departed += 1;
      }
      return departed / 5_000;
    };
    const [first, second, third] = [share(), share(), share()];
    for (const one of [first, second, third]) expect(one).toBeLessThan(1.5 / 50);
    expect(Math.abs(third - first)).toBeLessThan(0.01);
  });

  it("are none before there are runs enough to tell", () => {
    const log = new TestLog({ holdOneIn: 50 });
    const stepAfter = (runs: number) => {
      while (log.profile.describe().runs < runs) {
        log.run(`agt_1/${log.entries.length}`, ["read", "write"]);
      }
      return departs(log.measure("never_seen", { runKey: "agt_1/x" }), 50);
    };
    expect(log.measure("anything").oneIn).toBeUndefined();
    expect(stepAfter(90)).toBe(false);
    expect(stepAfter(100)).toBe(true);
  });

  it("are as rare as they are said to be", () => {
    expect(departs({ oneIn: 100, calibratedRuns: 99 }, 100)).toBe(true);
    expect(departs({ oneIn: 99.9, calibratedRuns: 512 }, 100)).toBe(false);
    expect(departs({ oneIn: 100, calibratedRuns: 98 }, 100)).toBe(false);
    expect(departs({ calibratedRuns: 0 }, 10)).toBe(false);
  });

  it("are not what is a little less likely than it was on Friday", () => {
    const log = new TestLog();
    for (let day = 0; day < 100; day += 1) {
      for (let run = 0; run < 5; run += 1) log.run(`agt_1/${day}_${run}`, ["read", "write"]);
      log.nowMs += (day % 5 === 4 ? 3 : 1) * 86_400_000;
    }
    log.nowMs += 6 * 86_400_000;
    log.isLocked = true;
    expect(log.run("agt_1/monday", ["read", "write"])).toMatchObject([
      { departs: false },
      { departs: false },
    ]);
  });

  it("are for the way, the shape, or both, by what surprises more", () => {
    expect(departureSignals({ pathBits: 9, structureBits: 1 })).toEqual(["path"]);
    expect(departureSignals({ pathBits: 1, structureBits: 9 })).toEqual(["structure"]);
    expect(departureSignals({ pathBits: 5, structureBits: 5 })).toEqual(["path", "structure"]);
  });
});
