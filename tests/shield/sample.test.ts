import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Accuracy, loadTraces, measureAccuracy } from "../../benchmarks/shield/accuracy.js";
import { isBenign } from "../../benchmarks/shield/replay.js";
import { describeAccuracy } from "../../benchmarks/shield/tables.js";

// Every published run, through the real domain: no time is measured here, and nothing is drawn.
describe("published runs of agents, attacked and not", () => {
  let accuracy: Accuracy;
  beforeAll(async () => {
    accuracy = await measureAccuracy();
  }, 300_000);

  it("are what their page says", async () => {
    const traces = await loadTraces("agentdojo");
    const airline = await loadTraces("tau-bench");
    expect(traces.filter(isBenign)).toHaveLength(1_946);
    expect(traces.filter((trace) => !isBenign(trace))).toHaveLength(3_920);
    expect(airline).toHaveLength(182);
    expect(airline.every(isBenign)).toBe(true);
    for (const { steps, attack } of traces) {
      if (attack === undefined) continue;
      expect(attack.exposedAt).toBeLessThanOrEqual(attack.harmAt);
      expect(attack.harmAt).toBe(steps.length - 1);
    }
  });

  it("are told apart as well as the published result says, number for number", async () => {
    const page = new URL("../../benchmarks/results/shield.md", import.meta.url);
    const published = await readFile(page, "utf8");
    for (const section of describeAccuracy(accuracy)) expect(published).toContain(section);
  });

  it.each(["tasks", "agents"] as const)(
    "are told apart better by the shield than by each baseline, on new %s",
    (split) => {
      const [first, second, ...baselines] = accuracy.splits[split];
      expect(baselines).toHaveLength(4);
      for (const { mean } of baselines) {
        expect(first?.mean.auroc).toBeGreaterThan(mean.auroc);
        expect(second?.mean.auroc).toBeGreaterThan(mean.auroc);
      }
    },
  );

  it("are held about as seldom as promised, where nobody attacks and the tasks are known", () => {
    const [shield] = accuracy.splits.agents;
    for (const { holdOneIn, benignHeld } of shield?.mean.points ?? []) {
      expect(benignHeld * holdOneIn).toBeLessThan(1.5);
    }
  });

  it("are held ever more seldom, where the tasks are new and a person answers", () => {
    const [untaught] = accuracy.splits.tasks;
    for (const [index, { runs, shown, laterRuns, laterShown }] of accuracy.taught.entries()) {
      const silent = untaught?.mean.points[index]?.holdsPer100Benign ?? 0;
      expect((100 * shown) / runs).toBeLessThan(silent / 2);
      expect(laterShown / laterRuns).toBeLessThanOrEqual(shown / runs);
    }
  });
});
