/** A bag of numbers in their order, to count those that are as large as another in a few looks. */
export class Sorted {
  readonly #numbers: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#numbers = new Float64Array(capacity);
  }

  add(number: number): void {
    const at = this.#firstFrom(number);
    this.#numbers.copyWithin(at + 1, at, this.#size);
    this.#numbers[at] = number;
    this.#size += 1;
  }

  /** Takes out one of these, of which there must be one. */
  remove(number: number): void {
    const at = this.#firstFrom(number);
    this.#numbers.copyWithin(at, at + 1, this.#size);
    this.#size -= 1;
  }

  countFrom(least: number): number {
    return this.#size - this.#firstFrom(least);
  }

  /** Where the first is that is not less; where it would be, if there is none. */
  #firstFrom(least: number): number {
    let [from, to] = [0, this.#size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#numbers[middle] as number) < least) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
