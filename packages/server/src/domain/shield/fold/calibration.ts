import type { Columns } from "./counts.js";
import { Sorted } from "./sorted.js";

/** Enough to tell one run in 500. */
const CAPACITY = 512;
/**
 * So much less still counts as surprising. Odds fade a little while nothing happens, by at most so much in a
 * week, for all runs alike; without this, the first run of a Monday would be more surprising than all before.
 * More would hide attacks: see `benchmarks/results/shield.md`.
 */
const SAME_BITS = 0.25;
/**
 * What happens every other time or more surprises nobody, however alike all runs have been: where each is as
 * the one before, calling one other way usual would else make the usual one a departure.
 */
const LIKELY_BITS = 1;

/** The most surprising step of each of the last runs that have ended. */
export class Calibration {
  readonly #maxima: Float64Array;
  #pushed: number;
  /** The runs to measure against. */
  readonly #measured = new Sorted(CAPACITY);

  constructor(maxima: Float64Array = new Float64Array(CAPACITY), pushed = 0) {
    this.#maxima = maxima;
    this.#pushed = pushed;
    for (let run = pushed - this.size; run < pushed; run += 1) this.#measured.add(this.#maxOf(run));
  }

  /** All runs that were ever put in. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Runs to measure against: the later half of all, for in the early half everything was new. */
  get size(): number {
    return Math.min(Math.ceil(this.#pushed / 2), CAPACITY);
  }

  /** The run's number, for {@link replace}. */
  push(maxBits: number): number {
    const run = this.#pushed;
    const { size } = this;
    this.#pushed += 1;
    if (this.size === size) this.#measured.remove(this.#maxOf(run - size));
    this.#maxima[run % CAPACITY] = maxBits;
    this.#measured.add(maxBits);
    return run;
  }

  /** Of a run that went on after it had ended. One that is too long ago stays as it was. */
  replace(run: number, maxBits: number): void {
    if (run < this.#pushed - CAPACITY) return;
    if (run >= this.#pushed - this.size) {
      this.#measured.remove(this.#maxOf(run));
      this.#measured.add(maxBits);
    }
    this.#maxima[run % CAPACITY] = maxBits;
  }

  /** One run in so many has a step as surprising. `undefined`: there are none to compare with. */
  oneIn(bits: number): number | undefined {
    const { size } = this;
    if (size === 0) return undefined;
    const atLeast = bits <= LIKELY_BITS ? 0 : bits - SAME_BITS;
    return (1 + size) / (1 + this.#measured.countFrom(atLeast));
  }

  #maxOf(run: number): number {
    return this.#maxima[run % CAPACITY] as number;
  }

  columns(): readonly [Float64Array] {
    return [this.#maxima];
  }

  static from(columns: Columns, pushed: number): Calibration {
    return new Calibration(columns.float64(), pushed);
  }
}
