import { type Column, interleave, pick, withRoom } from "./column.js";
import {
  APPROVALS,
  CELL_WIDTH,
  COUNT,
  ROW,
  ROW_APPROVALS,
  ROW_COUNT,
  ROW_DISTINCT,
  ROW_LAST,
  ROW_SUMS_WIDTH,
  ROW_TOP,
  ROW_WEIGHT,
  ROW_WIDTH,
  SYMBOL,
} from "./layout.js";
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
  /** Of each cell, as the layout has it. */
  #cells: Uint32Array = new Uint32Array(64 * CELL_WIDTH);
  #weights: Float64Array = new Float64Array(64);
  /** The cell of the same row that was made before it, as its number and 1; 0 is none. */
  #siblings: Uint32Array = new Uint32Array(64);
  #rowCount = 0;
  /** Of each row, as the layout has it. */
  #rowSums: Float64Array = new Float64Array(16 * ROW_SUMS_WIDTH);
  #rowNumbers: Uint32Array = new Uint32Array(16 * ROW_WIDTH);
  readonly #slots = new Slots();

  /** Cells, with those that count nothing any more. */
  get size(): number {
    return this.#size;
  }

  find(row: number, symbol: number): number {
    return this.#slots.find(this.#cells, row, symbol);
  }

  /** The cell, made where there is none. It counts nothing by being there. */
  ensure(row: number, symbol: number): number {
    const found = this.find(row, symbol);
    if (found !== NONE) return found;
    const cell = this.#size;
    this.#makeRoom(cell + 1, row + 1);
    this.#cells[cell * CELL_WIDTH + ROW] = row;
    this.#cells[cell * CELL_WIDTH + SYMBOL] = symbol;
    this.#chain(cell, row);
    this.#size += 1;
    this.#slots.put(this.#cells, cell);
    return cell;
  }

  rowOf(cell: number): number {
    return this.#cells[cell * CELL_WIDTH + ROW] as number;
  }

  symbolOf(cell: number): number {
    return this.#cells[cell * CELL_WIDTH + SYMBOL] as number;
  }

  /** How often, for people. 0 for {@link NONE}. */
  count(cell: number): number {
    return cell === NONE ? 0 : (this.#cells[cell * CELL_WIDTH + COUNT] as number);
  }

  approvals(cell: number): number {
    return cell === NONE ? 0 : (this.#cells[cell * CELL_WIDTH + APPROVALS] as number);
  }

  rowTotal(row: number): number {
    return this.#hasRow(row) ? (this.#rowSums[row * ROW_SUMS_WIDTH + ROW_COUNT] as number) : 0;
  }

  /** Symbols that have been counted in the row. */
  distinct(row: number): number {
    return this.#hasRow(row) ? (this.#rowNumbers[row * ROW_WIDTH + ROW_DISTINCT] as number) : 0;
  }

  /** The cell of the row that was counted most often, the oldest of equals, or {@link NONE}. */
  top(row: number): number {
    if (!this.#hasRow(row)) return NONE;
    const known = this.#rowNumbers[row * ROW_WIDTH + ROW_TOP] ?? 0;
    if (known !== UNKNOWN) return known - 1;
    const top = this.#findTop(row);
    this.#rowNumbers[row * ROW_WIDTH + ROW_TOP] = top + 1;
    return top;
  }

  /** Whether it counts anything. */
  isKnown(cell: number): boolean {
    return this.count(cell) > 0 || this.approvals(cell) > 0;
  }

  add(cell: number, weight: number): void {
    const row = this.rowOf(cell);
    if (!this.isKnown(cell)) this.#changeRow(row, ROW_DISTINCT, 1);
    this.#changeCell(cell, COUNT, 1);
    this.#changeWeight(cell, weight);
    this.#changeSums(row, weight, 1);
    this.#raise(row, cell);
  }

  approve(cell: number): void {
    const row = this.rowOf(cell);
    if (!this.isKnown(cell)) this.#changeRow(row, ROW_DISTINCT, 1);
    this.#changeCell(cell, APPROVALS, 1);
    this.#changeRow(row, ROW_APPROVALS, 1);
  }

  /** Nothing goes below 0. */
  take(cell: number, amount: Amount): void {
    const row = this.rowOf(cell);
    const wasKnown = this.isKnown(cell);
    const steps = Math.min(this.count(cell), amount.steps);
    const weight = Math.min(this.#weights[cell] ?? 0, amount.steps * amount.weight);
    const approvals = Math.min(this.approvals(cell), amount.approvals ?? 0);
    this.#changeCell(cell, COUNT, -steps);
    this.#changeWeight(cell, -weight);
    this.#changeCell(cell, APPROVALS, -approvals);
    this.#changeSums(row, -weight, -steps);
    this.#changeRow(row, ROW_APPROVALS, -approvals);
    if (wasKnown && !this.isKnown(cell)) this.#changeRow(row, ROW_DISTINCT, -1);
    // Looked for when somebody asks: the ends of runs are taken back often, and asked for seldom.
    const top = row * ROW_WIDTH + ROW_TOP;
    if (this.#rowNumbers[top] === cell + 1) this.#rowNumbers[top] = UNKNOWN;
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
    const ofCells = (at: number) => pick(this.#cells, { at, width: CELL_WIDTH, length: cells });
    const ofRows = <C extends Column>(all: C, at: number, width: number) =>
      pick(all, { at, width, length: rows });
    return [
      ofCells(ROW),
      ofCells(SYMBOL),
      this.#weights.subarray(0, cells),
      ofCells(COUNT),
      ofCells(APPROVALS),
      ofRows(this.#rowSums, ROW_WEIGHT, ROW_SUMS_WIDTH),
      ofRows(this.#rowSums, ROW_COUNT, ROW_SUMS_WIDTH),
      ofRows(this.#rowNumbers, ROW_APPROVALS, ROW_WIDTH),
      ofRows(this.#rowNumbers, ROW_DISTINCT, ROW_WIDTH),
    ];
  }

  static from(columns: Columns): Counts {
    const counts = new Counts();
    const [rows, symbols] = [columns.uint32(), columns.uint32()];
    counts.#weights = columns.float64();
    counts.#cells = interleave([rows, symbols, columns.uint32(), columns.uint32()]);
    counts.#rowSums = interleave([columns.float64(), columns.float64()]);
    const [approvals, distinct] = [columns.uint32(), columns.uint32()];
    const tops = new Uint32Array(approvals.length).fill(UNKNOWN);
    const lasts = new Uint32Array(approvals.length);
    counts.#rowNumbers = interleave([approvals, distinct, tops, lasts]);
    counts.#size = rows.length;
    counts.#rowCount = approvals.length;
    counts.#slots.putAll(counts.#cells, counts.#size);
    counts.#siblings = new Uint32Array(counts.#size);
    for (let cell = 0; cell < counts.#size; cell += 1) counts.#chain(cell, counts.rowOf(cell));
    return counts;
  }

  #worth(cell: number, now: number): number {
    if (cell === NONE) return 0;
    return (this.#weights[cell] ?? 0) / now + WORTH_OF_WORD * this.approvals(cell);
  }

  #rowWorth(row: number, now: number): number {
    const weight = this.#rowSums[row * ROW_SUMS_WIDTH + ROW_WEIGHT] ?? 0;
    const approvals = this.#rowNumbers[row * ROW_WIDTH + ROW_APPROVALS] ?? 0;
    return weight / now + WORTH_OF_WORD * approvals;
  }

  /** A row is there once it has, or a later one has, a cell. */
  #hasRow(row: number): boolean {
    return row !== NONE && row < this.#rowCount;
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
    const at = row * ROW_WIDTH + ROW_TOP;
    const known = this.#rowNumbers[at] ?? 0;
    if (known === UNKNOWN) return;
    const top = known - 1;
    const more = this.count(cell) - this.count(top);
    if (top === NONE || more > 0 || (more === 0 && cell < top)) this.#rowNumbers[at] = cell + 1;
  }

  #lastOf(row: number): number {
    return (this.#rowNumbers[row * ROW_WIDTH + ROW_LAST] ?? 0) - 1;
  }

  #chain(cell: number, row: number): void {
    const at = row * ROW_WIDTH + ROW_LAST;
    this.#siblings[cell] = this.#rowNumbers[at] ?? 0;
    this.#rowNumbers[at] = cell + 1;
  }

  #changeCell(cell: number, at: number, by: number): void {
    const place = cell * CELL_WIDTH + at;
    this.#cells[place] = (this.#cells[place] ?? 0) + by;
  }

  #changeWeight(cell: number, by: number): void {
    this.#weights[cell] = (this.#weights[cell] ?? 0) + by;
  }

  #changeRow(row: number, at: number, by: number): void {
    const place = row * ROW_WIDTH + at;
    this.#rowNumbers[place] = (this.#rowNumbers[place] ?? 0) + by;
  }

  #changeSums(row: number, weight: number, count: number): void {
    const place = row * ROW_SUMS_WIDTH;
    const sums = this.#rowSums;
    // A row's sum is rounded at other places than its cells.
    sums[place + ROW_WEIGHT] = Math.max((sums[place + ROW_WEIGHT] ?? 0) + weight, 0);
    sums[place + ROW_COUNT] = (sums[place + ROW_COUNT] ?? 0) + count;
  }

  #makeRoom(cells: number, rows: number): void {
    this.#cells = withRoom(this.#cells, cells * CELL_WIDTH);
    this.#weights = withRoom(this.#weights, cells);
    this.#siblings = withRoom(this.#siblings, cells);
    this.#rowCount = Math.max(this.#rowCount, rows);
    this.#rowSums = withRoom(this.#rowSums, rows * ROW_SUMS_WIDTH);
    this.#rowNumbers = withRoom(this.#rowNumbers, rows * ROW_WIDTH);
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
  uint32(): Uint32Array;
}
