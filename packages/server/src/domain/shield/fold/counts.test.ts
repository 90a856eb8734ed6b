import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Counts, NONE } from "./counts.js";

const cells = fc.record({ row: fc.nat(40), symbol: fc.nat(40) });
const doings = fc.array(
  fc.record({
    cell: cells,
    does: fc.constantFrom("add", "add", "add", "approve", "take"),
    steps: fc.nat(8),
    weight: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
  }),
  { maxLength: 400 },
);

describe("counts", () => {
  it("hold what a map of all of them holds", () => {
    fc.assert(
      fc.property(doings, (given) => {
        const counts = new Counts();
        const map = new Map<string, { count: number; approvals: number }>();
        for (const { cell, does, steps, weight } of given) {
          const number = counts.ensure(cell.row, cell.symbol);
          const key = `${cell.row} ${cell.symbol}`;
          const held = map.get(key) ?? { count: 0, approvals: 0 };
          map.set(key, held);
          if (does === "add") {
            counts.add(number, weight);
            held.count += 1;
          } else if (does === "approve") {
            counts.approve(number);
            held.approvals += 1;
          } else {
            counts.take(number, { steps, weight, approvals: 1 });
            // Sometimes it is looked for at once, sometimes later.
            if (steps > 4) counts.top(cell.row);
            held.count = Math.max(held.count - steps, 0);
            held.approvals = Math.max(held.approvals - 1, 0);
          }
        }
        expect(counts.size).toBe(map.size);
        for (const [key, { count, approvals }] of map) {
          const [row = 0, symbol = 0] = key.split(" ").map(Number);
          const cell = counts.find(row, symbol);
          expect([counts.rowOf(cell), counts.symbolOf(cell)]).toEqual([row, symbol]);
          expect([counts.count(cell), counts.approvals(cell)]).toEqual([count, approvals]);
        }
        for (let row = 0; row <= 40; row += 1) {
          const inRow = [...map].filter(([key]) => key.startsWith(`${row} `)).map(([, of]) => of);
          const most = Math.max(...inRow.map(({ count }) => count), 0);
          expect(counts.rowTotal(row)).toBe(inRow.reduce((sum, { count }) => sum + count, 0));
          expect(counts.distinct(row)).toBe(
            inRow.filter(({ count, approvals }) => count + approvals > 0).length,
          );
          const at = inRow.findIndex(({ count }) => count === most);
          const key = [...map.keys()].filter((one) => one.startsWith(`${row} `))[at];
          const symbol = Number(key?.split(" ")[1]);
          expect(counts.top(row)).toBe(most === 0 ? NONE : counts.find(row, symbol));
        }
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  it("are kept in the columns of snapshots that there are already, and are the same from them", () => {
    const counts = new Counts();
    counts.add(counts.ensure(2, 7), 1.5);
    counts.add(counts.ensure(0, 5), 2);
    counts.add(counts.ensure(2, 9), 0.25);
    counts.add(counts.ensure(2, 9), 0.5);
    counts.approve(counts.ensure(0, 5));
    const columns = [
      Uint32Array.of(2, 0, 2),
      Uint32Array.of(7, 5, 9),
      Float64Array.of(1.5, 2, 0.75),
      Uint32Array.of(1, 1, 2),
      Uint32Array.of(0, 1, 0),
      Float64Array.of(2, 0, 2.25),
      Float64Array.of(1, 0, 3),
      Uint32Array.of(1, 0, 0),
      Uint32Array.of(1, 0, 2),
    ];
    expect(counts.columns()).toEqual(columns);
    const rest = [...columns];
    const next = () => rest.shift() as never;
    const kept = Counts.from({ float64: next, uint32: next });
    expect(kept.columns()).toEqual(columns);
    expect([kept.find(2, 9), kept.find(9, 2), kept.top(2), kept.top(1)]).toEqual([
      2,
      NONE,
      2,
      NONE,
    ]);
    expect(kept.ensure(3, 3)).toBe(3);
  });

  it("are nothing where nothing was counted", () => {
    const counts = new Counts();
    expect(counts.find(3, 4)).toBe(NONE);
    expect([counts.count(NONE), counts.rowTotal(NONE), counts.top(NONE)]).toEqual([0, 0, NONE]);
    expect(counts.probability(3, NONE, 0.25, 1)).toBe(0.25);
    const cell = counts.ensure(3, 4);
    counts.add(cell, 1);
    counts.take(cell, { steps: 5, weight: 1 });
    expect(counts.probability(3, cell, 0.25, 1)).toBe(0.25);
  });
});
