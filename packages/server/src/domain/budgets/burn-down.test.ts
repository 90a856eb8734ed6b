import { describe, expect, it } from "vitest";
import { burnDown, DAY_MS, type DayMovement } from "./burn-down.js";

const TODAY = 20_000;
const now = TODAY * DAY_MS + 1_000;

const moved = (
  day: number,
  kind: DayMovement["kind"],
  from: DayMovement["from"],
  to: DayMovement["to"],
  amount: number,
): DayMovement => ({ day, kind, from, to, amount });

describe("the burn-down of a budget", () => {
  it("gives a point for each day, also where nothing moved", () => {
    const standing = { allocated: 100, held: 10, spent: 20 };
    const points = burnDown({ standing, movements: [], days: 3, now });
    expect(points).toEqual(
      [TODAY - 2, TODAY - 1, TODAY].map((day) => ({
        at: day * DAY_MS,
        reserved: 0,
        spent: 0,
        refunded: 0,
        available: 70,
      })),
    );
  });

  it("follows the money back from what stands now", () => {
    const movements = [
      moved(TODAY - 3, "allocate", "funding", "available", 100),
      moved(TODAY - 2, "reserve", "available", "held", 60),
      moved(TODAY - 2, "settle", "held", "spent", 30),
      moved(TODAY - 1, "release", "held", "available", 10),
      moved(TODAY - 1, "settle", "held", "spent", 20),
      moved(TODAY - 1, "adjust", "spent", "available", 4),
      moved(TODAY, "refund", "spent", "available", 6),
      moved(TODAY, "late", "available", "spent", 90),
    ];
    const standing = { allocated: 100, held: 0, spent: 130 };
    const points = burnDown({ standing, movements, days: 5, now });
    expect(points.map(({ reserved, spent, refunded }) => [reserved, spent, refunded])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [60, 30, 0],
      [0, 16, 0],
      [0, 90, 6],
    ]);
    expect(points.map(({ available }) => available)).toEqual([undefined, 100, 40, 54, -30]);
  });

  it("says nothing of what is available where nothing is allocated", () => {
    const movements = [moved(TODAY - 1, "allocate", "available", "funding", 100)];
    const standing = { held: 0, spent: 20 };
    const points = burnDown({ standing, movements, days: 3, now });
    expect(points.map(({ available }) => available)).toEqual([80, undefined, undefined]);
  });

  it("tells a budget of nothing from none", () => {
    const standing = { allocated: 0, held: 0, spent: 0 };
    const points = burnDown({ standing, movements: [], days: 1, now });
    expect(points[0]).toMatchObject({ available: 0 });
  });
});
