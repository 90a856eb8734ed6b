import { withRoom } from "./column.js";
import type { Columns } from "./counts.js";

/** From a millisecond to 24 days, each twice as long as the one before. */
const BINS = 32;
/** What each bin is taken to have had before anything was counted. */
const PRIOR = 0.5;

/** How long it takes until an action follows, for each action: histograms that fade. */
export class Gaps {
  #weights: Float64Array;
  #length: number;

  constructor(weights: Float64Array = new Float64Array(0)) {
    this.#weights = weights;
    this.#length = weights.length;
  }

  add(action: number, gapMs: number, weight: number): void {
    const at = action * BINS + binOf(gapMs);
    this.#length = Math.max(this.#length, (action + 1) * BINS);
    this.#weights = withRoom(this.#weights, this.#length);
    this.#weights[at] = (this.#weights[at] ?? 0) + weight;
  }

  /** By how many bits this gap is less likely than the likeliest. `undefined`: none was ever counted. */
  bits(action: number, gapMs: number, now: number): number | undefined {
    const first = action * BINS;
    let most = 0;
    for (let at = first; at < first + BINS; at += 1) most = Math.max(most, this.#weights[at] ?? 0);
    if (most === 0) return undefined;
    const own = this.#weights[first + binOf(gapMs)] ?? 0;
    return Math.log2((most / now + PRIOR) / (own / now + PRIOR));
  }

  columns(): readonly [Float64Array] {
    return [this.#weights.subarray(0, this.#length)];
  }

  static from(columns: Columns): Gaps {
    return new Gaps(columns.float64());
  }
}

/** The whole logarithm; what is less than a millisecond, or runs backwards, is in the first. */
function binOf(gapMs: number): number {
  return gapMs < 1 ? 0 : 31 - Math.clz32(Math.min(gapMs, 0x7fffffff));
}
