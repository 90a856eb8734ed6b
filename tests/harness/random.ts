/** Chance that can be repeated. */
export interface Random {
  readonly seed: number;
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/**
 * @param seed - Default `TEST_SEED`, else a new one. Print it: with it the same plan comes again.
 */
export function createRandom(seed = Number(process.env.TEST_SEED ?? newSeed())): Random {
  let state = seed >>> 0;
  const next = () => {
    // mulberry32: 32 bits of state, good enough for faults, and the same everywhere.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] as (typeof items)[number],
  };
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
