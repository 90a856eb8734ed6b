const MOST = 512;

/** The shield's procedure for thresholds, for scores that are not the shield's. */
export class Calibration {
  readonly #maxima: number[] = [];

  /** @param maxBits - Of a run that has ended, as measured before it was learnt. */
  add(maxBits: number): void {
    this.#maxima.push(maxBits);
  }

  /** Against the later half of all runs, 512 at most: in the early half everything was new. */
  rank(bits: number): { readonly oneIn?: number } {
    const kept = Math.min(MOST, Math.ceil(this.#maxima.length / 2));
    if (kept === 0) return {};
    const recent = this.#maxima.slice(-kept);
    const asSurprising = recent.filter((max) => max >= bits).length;
    return { oneIn: (1 + kept) / (1 + asSurprising) };
  }
}
