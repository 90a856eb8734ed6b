/** A count is worth half after so long: 30 days. */
const HALF_LIFE_MS = 2_592_000_000;
/** A half-life is told in so many parts, of some 42 minutes. */
const PARTS = 1_024;
/** Doubles hold 1,023 of them: 84 years. Nothing fades after that. */
const MAX_HALF_LIVES = 1_000;

/**
 * Powers of two for each part of a half-life, by square roots and products only: those are the same to
 * the last bit on every machine, which `Math.pow` is not.
 */
const OF_PART = partsOfDoubling();

/**
 * What a step weighs so long after the first. By forward decay (Cormode et al. 2009) a step of now weighs
 * more than all before it, instead of all before it weighing less: what is counted is never touched again.
 */
export function weightAfter(elapsedMs: number): number {
  const parts = Math.min(Math.floor((elapsedMs / HALF_LIFE_MS) * PARTS), MAX_HALF_LIVES * PARTS);
  return (OF_PART[parts % PARTS] ?? 1) * 2 ** Math.floor(parts / PARTS);
}

function partsOfDoubling(): Float64Array {
  let root = 2;
  for (let parts = 1; parts < PARTS; parts *= 2) root = Math.sqrt(root);
  const powers = new Float64Array(PARTS);
  let power = 1;
  for (let part = 0; part < PARTS; part += 1) {
    powers[part] = power;
    power *= root;
  }
  return powers;
}
