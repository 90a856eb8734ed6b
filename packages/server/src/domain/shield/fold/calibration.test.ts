import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calibration } from "./calibration.js";
import type { Columns } from "./counts.js";

// Few values, so that many are equal.
const bits = fc.integer({ min: 0, max: 40 }).map((quarters) => quarters / 4);
const doings = fc.array(fc.record({ of: fc.option(fc.nat(1_400), { nil: undefined }), bits }), {
  minLength: 1_200,
  maxLength: 1_400,
});

/** All there is to it, by looking at every run. */
function oneIn(maxima: readonly number[], asked: number): number | undefined {
  const measured = maxima.slice(-Math.min(Math.ceil(maxima.length / 2), 512));
  if (maxima.length === 0) return undefined;
  const atLeast = asked <= 1 ? 0 : asked - 0.25;
  const asSurprising = measured.filter((max) => max >= atLeast).length;
  return (1 + measured.length) / (1 + asSurprising);
}

function copyOf(calibration: Calibration): Calibration {
  const [maxima] = calibration.columns();
  const columns = { float64: () => maxima.slice() } as Pick<Columns, "float64"> as Columns;
  return Calibration.from(columns, calibration.pushed);
}

describe("a calibration", () => {
  it("tells one run in so many, of the later half, of the last 512 at most", () => {
    fc.assert(
      fc.property(doings, bits, (given, asked) => {
        const calibration = new Calibration();
        const maxima: number[] = [];
        for (const { of, bits: max } of given) {
          const isKept = of !== undefined && of < maxima.length && of >= maxima.length - 512;
          if (isKept) maxima[of] = max;
          if (of !== undefined && of < maxima.length) calibration.replace(of, max);
          else expect(calibration.push(max)).toBe(maxima.push(max) - 1);
          expect(calibration.oneIn(asked)).toBe(oneIn(maxima, asked));
        }
        const copy = copyOf(calibration);
        for (let quarters = 0; quarters <= 44; quarters += 1) {
          expect(copy.oneIn(quarters / 4)).toBe(oneIn(maxima, quarters / 4));
        }
      }),
      // So many steps take too long to be made fewer.
      { seed: 5, numRuns: 20, endOnFailure: true },
    );
  });

  it("tells nothing before there is a run", () => {
    expect(new Calibration().oneIn(3)).toBeUndefined();
  });
});
