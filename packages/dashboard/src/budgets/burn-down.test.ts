import { describe, expect, it } from "vitest";
import { columnsOf, daysLeft } from "./burn-down.js";

const points = (first: string, reserved: readonly number[], left: number | null = 1_000) =>
  reserved.map((reserved_minor, index) => ({
    at: new Date(Date.parse(first) + index * 86_400_000).toISOString(),
    reserved_minor,
    spent_minor: reserved_minor,
    refunded_minor: 1,
    available_minor: left === null ? null : left - index,
  }));

describe("columnsOf", () => {
  it("leaves days as they are", () => {
    expect(columnsOf(points("2026-03-28T00:00:00.000Z", [5, 0, 7]), "day")).toHaveLength(3);
  });

  it("begins weeks on Monday, and keeps what was left at their end", () => {
    // 2026-03-29 is a Sunday.
    const weeks = columnsOf(points("2026-03-28T00:00:00.000Z", [1, 2, 4, 8]), "week");
    expect(weeks.map(({ reservedMinor }) => reservedMinor)).toEqual([3, 12]);
    expect(weeks.map(({ availableMinor }) => availableMinor)).toEqual([999, 997]);
    expect(weeks[1]?.at).toBe("2026-03-30T00:00:00.000Z");
  });

  it("sums months", () => {
    const months = columnsOf(points("2026-03-30T00:00:00.000Z", [1, 2, 4]), "month");
    expect(months).toMatchObject([
      { reservedMinor: 3, refundedMinor: 2 },
      { reservedMinor: 4, spentMinor: 4 },
    ]);
  });
});

describe("daysLeft", () => {
  it("goes by the last seven days", () => {
    const days = points("2026-03-01T00:00:00.000Z", [9_999, 10, 10, 10, 10, 10, 10, 10]);
    expect(daysLeft(days)).toBe(99);
  });

  it("says nothing where there is nothing to say", () => {
    expect(daysLeft([])).toBeUndefined();
    expect(daysLeft(points("2026-03-01T00:00:00.000Z", [0, 0]))).toBeUndefined();
    expect(daysLeft(points("2026-03-01T00:00:00.000Z", [5], null))).toBeUndefined();
    expect(daysLeft(points("2026-03-01T00:00:00.000Z", [5], -3))).toBeUndefined();
  });
});
