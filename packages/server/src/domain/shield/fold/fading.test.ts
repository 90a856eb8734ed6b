import { describe, expect, it } from "vitest";
import { ProfileClock } from "./clock.js";
import { weightAfter } from "./fading.js";

const DAY_MS = 86_400_000;

describe("fading", () => {
  it("makes a step of now worth twice one of thirty days ago", () => {
    expect(weightAfter(0)).toBe(1);
    expect(weightAfter(30 * DAY_MS)).toBe(2);
    expect(weightAfter(15 * DAY_MS)).toBeCloseTo(Math.SQRT2, 12);
    expect(weightAfter(300 * DAY_MS)).toBe(1_024);
    for (let day = 0; day < 100; day += 1) {
      expect(weightAfter(day * DAY_MS) / 2 ** (day / 30)).toBeCloseTo(1, 2);
    }
  });

  it("stays a number for longer than anybody will ask", () => {
    expect(Number.isFinite(weightAfter(365_000 * DAY_MS) * 1e6)).toBe(true);
  });
});

describe("the clock of a profile", () => {
  const advanced = (...times: readonly number[]) => {
    const clock = new ProfileClock();
    for (const at of times) clock.advance(at);
    return clock.elapsedMs;
  };

  it("counts from its first entry, and never back", () => {
    expect(advanced(50 * DAY_MS)).toBe(0);
    expect(advanced(0, 1_000, 3_000)).toBe(3_000);
    expect(advanced(10_000, 4_000, 11_000)).toBe(1_000);
  });

  it("takes rest, and a leap, for a week", () => {
    expect(advanced(0, 400 * DAY_MS)).toBe(7 * DAY_MS);
    expect(advanced(0, 36_500 * DAY_MS, 1_000, 2_000)).toBe(7 * DAY_MS + 1_000);
  });

  it("does not run faster for two clocks that differ", () => {
    const times = Array.from({ length: 1_000 }, (_, at) => at * 10 + (at % 2) * 2_000);
    expect(advanced(...times)).toBeLessThanOrEqual(1_000 * 10 + 2_000);
  });
});
