import { describe, expect, it } from "vitest";
import { isFlat, runsNeeded } from "./lock.js";
import { createRandom, learnRoutine, TestLog } from "./testing.js";

const terms = { holdOneIn: 100, learningSinceRuns: 0 };

/** A description of runs whose steps said this on average, by their number. */
function described(runs: number, bits: (run: number) => number) {
  const meanBits = (from: number, to: number) => {
    const told = Array.from({ length: to - from }, (_, index) => bits(from + index));
    return told.reduce((sum, one) => sum + one, 0) / told.length;
  };
  return { runs, calibratedRuns: Math.min(Math.ceil(runs / 2), 512), meanBits };
}

describe("[P-SHIELD-MODES] when a baseline can be locked", () => {
  it("[P-SHIELD-MODES] needs twice as many runs as one in so many, since it began to learn", () => {
    expect(runsNeeded(terms)).toBe(200);
    expect(
      isFlat(
        described(199, () => 1),
        terms,
      ),
    ).toBe(false);
    expect(
      isFlat(
        described(200, () => 1),
        terms,
      ),
    ).toBe(true);
    const again = { holdOneIn: 100, learningSinceRuns: 1_000 };
    expect(runsNeeded(again)).toBe(1_200);
    expect(
      isFlat(
        described(1_199, () => 1),
        again,
      ),
    ).toBe(false);
    expect(
      isFlat(
        described(1_200, () => 1),
        again,
      ),
    ).toBe(true);
  });

  it("[P-SHIELD-MODES] needs its surprise to have flattened", () => {
    // 2 bits, falling by half in every 50 runs: 0.35 in the third quarter, 0.17 in the last.
    expect(
      isFlat(
        described(200, (run) => 2 * 2 ** (-run / 50)),
        terms,
      ),
    ).toBe(false);
    expect(
      isFlat(
        described(400, (run) => 2 * 2 ** (-run / 50)),
        terms,
      ),
    ).toBe(true);
    expect(
      isFlat(
        described(400, (run) => 1 + run / 100),
        terms,
      ),
    ).toBe(false);
    expect(
      isFlat(
        described(400, (run) => (run < 300 ? 1 : 1.11)),
        terms,
      ),
    ).toBe(false);
    expect(
      isFlat(
        described(400, (run) => (run < 300 ? 1 : 1.09)),
        terms,
      ),
    ).toBe(true);
    expect(
      isFlat(
        described(400, (run) => (run < 300 ? 3 : 3.29)),
        terms,
      ),
    ).toBe(true);
    expect(
      isFlat(
        described(400, (run) => (run < 300 ? 3 : 3.31)),
        terms,
      ),
    ).toBe(false);
  });

  it("[P-SHIELD-MODES] looks at what it has learnt lately, however long it has learnt", () => {
    const shifted = (run: number) => (run < 9_700 ? 1 : 3);
    expect(isFlat(described(10_000, shifted), terms)).toBe(false);
    expect(isFlat(described(10_300, shifted), terms)).toBe(true);
  });

  it("[P-SHIELD-MODES] needs runs to measure against", () => {
    expect(isFlat({ ...described(500, () => 1), calibratedRuns: 98 }, terms)).toBe(false);
    expect(isFlat({ ...described(500, () => 1), meanBits: () => undefined }, terms)).toBe(false);
  });

  it("[P-SHIELD-MODES] is met by a routine, and not once the agent does something else", () => {
    const routine = new TestLog();
    learnRoutine(routine, 250);
    expect(isFlat(routine.profile.describe(), terms)).toBe(true);

    const changed = new TestLog();
    learnRoutine(changed, 150);
    expect(isFlat(changed.profile.describe(), { ...terms, holdOneIn: 50 })).toBe(true);
    const random = createRandom(5);
    const action = () => `action_${Math.floor(random() * 20)}`;
    for (let run = 0; run < 60; run += 1) {
      changed.run(`agt_1/changed_${run}`, [action(), action(), action(), action()]);
    }
    expect(isFlat(changed.profile.describe(), terms)).toBe(false);
  });

  it("draws the surprise of all runs in at most 64 points", () => {
    const log = new TestLog();
    for (const runs of [1, 63, 64, 65, 1_000]) {
      while (log.profile.describe().runs < runs) log.run(`agt_1/${log.entries.length}`, ["a"]);
      const { entropy } = log.profile.describe();
      expect(entropy.length).toBeLessThanOrEqual(64);
      expect(entropy.length).toBeGreaterThanOrEqual(Math.min(runs, 32));
      expect(entropy.at(-1)?.runs).toBe(runs);
    }
    const { entropy } = log.profile.describe();
    expect(entropy[0]?.bits).toBeGreaterThan(entropy.at(-1)?.bits ?? 1);
  });
});
