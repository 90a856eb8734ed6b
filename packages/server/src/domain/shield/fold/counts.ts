import { type Column, withRoom } from "./column.js";
import { Slots } from "./slots.js";

/** Steps of now that one person's word is worth. */
export const WORTH_OF_WORD = 5;
/** No such cell, row or symbol. */
export const NONE = -1;

/** It has to be looked for. */
const UNKNOWN = 0xffff_ffff;

/**
 * How often what followed what: cells of (row, symbol), numbered as they come, with the sums of their
 * rows. Each has a weight that fades, a whole number for people, and the approvals of people, which do not
 * fade.
 */
export class Counts {
  #size = 0;
  #rows: Int32Array = new Int32Array(64);
  #symbols: Int32Array = new Int32Array(64);
  #weights: Float64Array = new Float64Array(64);
  #counts: Uint32Array = new Uint32Array(64);
  #approvals: Uint32Array = new Uint32Array(64);
  /** The cell of the same row that was made before it, as its number and 1; 0 is none. */
  #siblings: Uint32Array = new Uint32Array(64);
  #rowCount = 0;
  #rowWeights: Float64Array = new Float64Array(16);
  #rowCounts: Float64Array = new Float64Array(16);
  #rowApprovals: Uint32Array = new Uint32Array(16);
  #rowDistinct: Uint32Array = new Uint32Array(16);
  /** The most frequent cell of each row, as its number and 1, while it is known; 0 is none. */
  #rowTops: Uint32Array = new Uint32Array(16);
  /** The cell of each row that was made last, in the same way. */
  #rowLasts: Uint32Array = new Uint32Array(16);
  readonly #slots = new Slots();

  /** Cells, with those that count nothing any more. */
  get size(): number {
    return this.#size;
  }

  find(row: number, symbol: number): number {
    return this.#slots.find(this.#pairs, row, symbol);
  }

  /** The cell, made where there is none. It counts nothing by being there. */
  ensure(row: number, symbol: number): number {
    const found = this.find(row, symbol);
    if (found !== NONE) return found;
    const cell = this.#size;
    this.#makeRoom(cell + 1, row + 1);
    this.#rows[cell] = row;
    this.#symbols[cell] = symbol;
    this.#chain(cell, row);
    this.#size += 1;
    this.#slots.put(this.#pairs, cell);
    return cell;
  }

  rowOf(cell: number): number {
    return this.#rows[cell] as number;
  }

  symbolOf(cell: number): number {
    return this.#symbols[cell] as number;
  }

  /** How often, for people. 0 for {@link NONE}. */
  count(cell: number): number {
    return this.#counts[cell] ?? 0;
  }

  approvals(cell: number): number {
    return this.#approvals[cell] ?? 0;
  }

  rowTotal(row: number): number {
    return this.#rowCounts[row] ?? 0;
  }

  /** Symbols that have been counted in the row. */
  distinct(row: number): number {
    return this.#rowDistinct[row] ?? 0;
  }

  /** The cell of the row that was counted most often, the oldest of equals, or {@link NONE}. */
  top(row: number): number {
    const known = this.#rowTops[row] ?? 0;
    if (known !== UNKNOWN) return known - 1;
    const top = this.#findTop(row);
    this.#rowTops[row] = top + 1;
    return top;
  }

  /** Whether it counts anything. */
  isKnown(cell: number): boolean {
    return this.count(cell) > 0 || this.approvals(cell) > 0;
  }

  add(cell: number, weight: number): void {
    const row = this.rowOf(cell);
    if (!this.isKnown(cell)) this.#change(this.#rowDistinct, row, 1);
    this.#change(this.#weights, cell, weight);
    this.#change(this.#counts, cell, 1);
    this.#change(this.#rowWeights, row, weight);
    this.#change(this.#rowCounts, row, 1);
    this.#raise(row, cell);
  }

  approve(cell: number): void {
    const row = this.rowOf(cell);
    if (!this.isKnown(cell)) this.#change(this.#rowDistinct, row, 1);
    this.#change(this.#approvals, cell, 1);
    this.#change(this.#rowApprovals, row, 1);
  }

  /** Nothing goes below 0. */
  take(cell: number, amount: Amount): void {
    const row = this.rowOf(cell);
    const wasKnown = this.isKnown(cell);
    const steps = Math.min(this.count(cell), amount.steps);
    const weight = Math.min(this.#weights[cell] ?? 0, amount.steps * amount.weight);
    const approvals = Math.min(this.approvals(cell), amount.approvals ?? 0);
    this.#change(this.#counts, cell, -steps);
    this.#change(this.#weights, cell, -weight);
    this.#change(this.#approvals, cell, -approvals);
    this.#change(this.#rowCounts, row, -steps);
    this.#rowWeights[row] = Math.max((this.#rowWeights[row] ?? 0) - weight, 0);
    this.#change(this.#rowApprovals, row, -approvals);
    if (wasKnown && !this.isKnown(cell)) this.#change(this.#rowDistinct, row, -1);
    // Looked for when somebody asks: the ends of runs are taken back often, and asked for seldom.
    if (this.#rowTops[row] === cell + 1) this.#rowTops[row] = UNKNOWN;
  }

  /**
   * Odds of a symbol in a row, by Witten and Bell (1991): as often as something else followed there for
   * the first time, it is as likely as it is without knowing the row.
   *
   * @param lower - Odds without the row.
   * @param now - What a step of now weighs.
   */
  probability(row: number, cell: number, lower: number, now: number): number {
    const distinct = this.distinct(row);
    if (distinct === 0) return lower;
    const fresh = distinct * lower;
    return (this.#worth(cell, now) + fresh) / (this.#rowWorth(row, now) + distinct);
  }

  /** The part of the row that the cell has, as it counts now. 0 … 1. */
  share(cell: number, now: number): number {
    const all = this.#rowWorth(this.rowOf(cell), now);
    // A row's sum is rounded at other places than its cells.
    return all > 0 ? Math.min(this.#worth(cell, now) / all, 1) : 0;
  }

  /** Its numbers, for who keeps them; {@link Counts.from} takes them in the same order. */
  columns(): readonly Column[] {
    const [cells, rows] = [this.#size, this.#rowCount];
    return [
      this.#rows.subarray(0, cells),
      this.#symbols.subarray(0, cells),
      this.#weights.subarray(0, cells),
      this.#counts.subarray(0, cells),
      this.#approvals.subarray(0, cells),
      this.#rowWeights.subarray(0, rows),
      this.#rowCounts.subarray(0, rows),
      this.#rowApprovals.subarray(0, rows),
      this.#rowDistinct.subarray(0, rows),
    ];
  }

  static from(columns: Columns): Counts {
    const counts = new Counts();
    counts.#rows = columns.int32();
    counts.#symbols = columns.int32();
    counts.#weights = columns.float64();
    counts.#counts = columns.uint32();
    counts.#approvals = columns.uint32();
    counts.#rowWeights = columns.float64();
    counts.#rowCounts = columns.float64();
    counts.#rowApprovals = columns.uint32();
    counts.#rowDistinct = columns.uint32();
    counts.#size = counts.#rows.length;
    counts.#rowCount = counts.#rowWeights.length;
    counts.#slots.putAll(counts.#pairs, counts.#size);
    counts.#siblings = new Uint32Array(counts.#size);
    counts.#rowLasts = new Uint32Array(counts.#rowCount);
    counts.#rowTops = new Uint32Array(counts.#rowCount).fill(UNKNOWN);
    for (let cell = 0; cell < counts.#size; cell += 1) counts.#chain(cell, counts.rowOf(cell));
    return counts;
  }

  get #pairs() {
    return { rows: this.#rows, symbols: this.#symbols };
  }

  #worth(cell: number, now: number): number {
    if (cell === NONE) return 0;
    return (this.#weights[cell] ?? 0) / now + WORTH_OF_WORD * this.approvals(cell);
  }

  #rowWorth(row: number, now: number): number {
    return (this.#rowWeights[row] ?? 0) / now + WORTH_OF_WORD * (this.#rowApprovals[row] ?? 0);
  }

  #findTop(row: number): number {
    let top = NONE;
    for (let cell = this.#lastOf(row); cell !== NONE; cell = (this.#siblings[cell] ?? 0) - 1) {
      const count = this.count(cell);
      // Of equals the oldest, whichever way they are walked.
      if (count > 0 && count >= this.count(top)) top = cell;
    }
    return top;
  }

  #raise(row: number, cell: number): void {
    const known = this.#rowTops[row] ?? 0;
    if (known === UNKNOWN) return;
    const top = known - 1;
    const more = this.count(cell) - this.count(top);
    if (top === NONE || more > 0 || (more === 0 && cell < top)) this.#rowTops[row] = cell + 1;
  }

  #lastOf(row: number): number {
    return (this.#rowLasts[row] ?? 0) - 1;
  }

  #chain(cell: number, row: number): void {
    this.#siblings[cell] = this.#rowLasts[row] ?? 0;
    this.#rowLasts[row] = cell + 1;
  }

  #change(column: Column, at: number, by: number): void {
    column[at] = (column[at] ?? 0) + by;
  }

  #makeRoom(cells: number, rows: number): void {
    this.#rows = withRoom(this.#rows, cells);
    this.#symbols = withRoom(this.#symbols, cells);
    this.#weights = withRoom(this.#weights, cells);
    this.#counts = withRoom(this.#counts, cells);
    this.#approvals = withRoom(this.#approvals, cells);
    this.#siblings = withRoom(this.#siblings, cells);
    this.#rowCount = Math.max(this.#rowCount, rows);
    this.#rowWeights = withRoom(this.#rowWeights, rows);
    this.#rowCounts = withRoom(this.#rowCounts, rows);
    this.#rowApprovals = withRoom(this.#rowApprovals, rows);
    this.#rowDistinct = withRoom(this.#rowDistinct, rows);
    this.#rowTops = withRoom(this.#rowTops, rows);
    this.#rowLasts = withRoom(this.#rowLasts, rows);
  }
}

/** What is taken away: steps, each of this weight, and approvals. */
export interface Amount {
  readonly steps: number;
  readonly weight: number;
  readonly approvals?: number;
}

/** Hands out columns as they were kept, one after the other. */
export interface Columns {
  float64(): Float64Array;
  int32(): Int32Array;
  uint32(): Uint32Array;
}
