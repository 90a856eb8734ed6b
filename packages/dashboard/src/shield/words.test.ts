import { describe, expect, it } from "vitest";
import { readShieldSearch } from "./search.js";
import { counted, effectText, learningText, lockObstacle, percent } from "./words.js";

const baseline = {
  ...{ steps: 0, runs: 84, actions: 0, transitions: 0, calibrated_runs: 0 },
  ...{ runs_needed: 200, is_flat: false },
};

describe("words of the shield", () => {
  it.each([
    [0, "0 %"],
    [0.0004, "< 0.1 %"],
    [0.042, "4.2 %"],
    [0.0996, "10 %"],
    [0.917, "92 %"],
    [0.998, "> 99 %"],
    [1, "100 %"],
  ])("%d is %s: what was seen is never nothing, what is open never certain", (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it("count in the singular too", () => {
    expect([counted(1, "run"), counted(1_412, "run"), counted(2, "anomaly", "anomalies")]).toEqual([
      "1 run",
      "1,412 runs",
      "2 anomalies",
    ]);
  });

  it("say how far learning is, and what is missing", () => {
    expect(learningText(baseline)).toBe("84 of 200 runs");
    expect(learningText({ ...baseline, runs: 201 })).toContain("still surprising");
    expect(lockObstacle({ mode: "shadow", baseline })).toContain("200 runs it needs, 84");
    expect(lockObstacle({ mode: "shadow", baseline: { ...baseline, runs: 201 } })).toContain(
      "not flattened",
    );
    expect(lockObstacle({ mode: "locked", baseline })).toBeUndefined();
  });

  it("tell what was held from what was only told", () => {
    const verdict = { anomalous: true, mode: "enforce" } as const;
    expect(effectText({ ...verdict, effect: "held" })).toBe("Held by the shield");
    expect(effectText({ ...verdict, effect: "warned" })).toBe("Unusual");
    expect(effectText({ ...verdict, effect: "none", mode: "shadow" })).toContain("learns");
    expect(effectText({ ...verdict, anomalous: false, effect: "none" })).toBe("");
  });
});

it("reads of an address what it knows, as text, and bounded", () => {
  expect(
    readShieldSearch({ environment: "production", run: 42, to: true, from: "", x: "y" }),
  ).toEqual({ environment: "production", run: "42", to: "true" });
  expect(readShieldSearch({ to: "x".repeat(10_000) }).to?.length).toBeLessThan(500);
  expect(readShieldSearch({ to: { not: "text" } })).toEqual({});
});
