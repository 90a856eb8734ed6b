import { CELL_WIDTH, ROW, SYMBOL } from "./layout.js";

const EMPTY = -1;
const FIRST_CAPACITY = 64;
/** Places for each pair, at least: so many that one that is not there is mostly missed at the first look. */
const ROOM = 4;

/**
 * Finds the number of a pair: a hash table in one typed array, a few bytes a pair. The second hash that
 * steps through it keeps names that somebody chose to collide in one place from colliding in the next.
 */
export class Slots {
  #slots = new Int32Array(FIRST_CAPACITY).fill(EMPTY);
  #used = 0;

  find(cells: Uint32Array, row: number, symbol: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = hashOf(row, symbol);
    const step = (hash >>> 15) | 1;
    for (let at = hash & mask; ; at = (at + step) & mask) {
      const cell = slots[at] as number;
      if (cell === EMPTY) return cell;
      if (cells[cell * CELL_WIDTH + ROW] === row && cells[cell * CELL_WIDTH + SYMBOL] === symbol)
        return cell;
    }
  }

  /** Puts the pair of this number, which must not be there yet. */
  put(cells: Uint32Array, cell: number): void {
    if (this.#used * ROOM >= this.#slots.length) this.#grow(cells, this.#slots.length * 2);
    this.#place(cells, cell);
    this.#used += 1;
  }

  /** Puts the pairs of all numbers below `count`. */
  putAll(cells: Uint32Array, count: number): void {
    let capacity = FIRST_CAPACITY;
    while (capacity < count * ROOM) capacity *= 2;
    this.#used = count;
    this.#grow(cells, capacity);
  }

  #grow(cells: Uint32Array, capacity: number): void {
    this.#slots = new Int32Array(capacity).fill(EMPTY);
    for (let cell = 0; cell < this.#used; cell += 1) this.#place(cells, cell);
  }

  #place(cells: Uint32Array, cell: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = hashOf(
      cells[cell * CELL_WIDTH + ROW] as number,
      cells[cell * CELL_WIDTH + SYMBOL] as number,
    );
    const step = (hash >>> 15) | 1;
    let at = hash & mask;
    while (slots[at] !== EMPTY) at = (at + step) & mask;
    slots[at] = cell;
  }
}

/** Mixes as MurmurHash3 ends (Appleby). */
function hashOf(row: number, symbol: number): number {
  let hash = Math.imul(row, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
