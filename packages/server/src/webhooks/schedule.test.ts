import { describe, expect, it } from "vitest";
import { nextAttemptAt, parseRetryAfter } from "./schedule.js";

const NOW = 1_767_225_600_000;
const HOUR_MS = 3_600_000;

function waits(random: number): number[] {
  const all: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const at = nextAttemptAt(attempts, NOW, random);
    if (at === undefined) return all;
    all.push(at - NOW);
  }
}

describe("the wait after a failed attempt", () => {
  it("grows, and ends after about three days and ten retries", () => {
    const all = waits(0);
    expect(all).toHaveLength(10);
    expect(all[0]).toBe(5_000);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    const totalHours = all.reduce((sum, wait) => sum + wait, 0) / HOUR_MS;
    expect(totalHours).toBeGreaterThan(68);
    expect(totalHours).toBeLessThan(72);
  });

  it("is spread by up to a tenth", () => {
    expect(waits(1)).toEqual(waits(0).map((wait) => Math.round(wait * 1.1)));
  });

  it("is what the receiver asks for where that is longer, up to a day", () => {
    expect(nextAttemptAt(1, NOW, 0, 60_000)).toBe(NOW + 60_000);
    expect(nextAttemptAt(1, NOW, 0, 1_000)).toBe(NOW + 5_000);
    expect(nextAttemptAt(1, NOW, 0, 999 * HOUR_MS)).toBe(NOW + 24 * HOUR_MS);
    expect(nextAttemptAt(11, NOW, 0, 60_000)).toBeUndefined();
  });
});

describe("Retry-After", () => {
  it.each([
    ["120", 120_000],
    ["0", 0],
    [new Date(NOW + 30_000).toUTCString(), 30_000],
    [new Date(NOW - 30_000).toUTCString(), 0],
    ["soon", undefined],
    ["-5", undefined],
    ["1e9", undefined],
    [undefined, undefined],
  ])("%j is %j", (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
