/** A count is worth half after so long: 30 days. */
export const HALF_LIFE_MS = 2_592_000_000;
/** Time in which nothing happens counts as at most so much, so a service that rests does not forget. */
const MAX_GAP_MS = 604_800_000;
/** A clock that goes back by more than this was put right, and is followed. */
const MAX_BACK_MS = 86_400_000;
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
 * Time as a profile counts it. By forward decay (Cormode et al. 2009) a step of now weighs more than all
 * before it, by a power of two, instead of all before it weighing less: what is counted is never touched
 * again.
 */
export class FadingClock {
  #highAt: number | undefined;
  #elapsedMs: number;

  constructor({ highAt, elapsedMs }: FadingClockState = { highAt: null, elapsedMs: 0 }) {
    this.#highAt = highAt ?? undefined;
    this.#elapsedMs = elapsedMs;
  }

  /** Milliseconds since the first entry, as far as they count. Never goes back. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** What a step of now weighs. */
  get weight(): number {
    return weightAfter(this.#elapsedMs);
  }

  /** What a step would weigh that comes at this time. */
  weightAt(receivedAt: number): number {
    return weightAfter(this.#elapsedMs + this.#gapTo(receivedAt));
  }

  advance(receivedAt: number): void {
    this.#elapsedMs += this.#gapTo(receivedAt);
    const highAt = this.#highAt ?? receivedAt;
    this.#highAt = receivedAt > highAt || receivedAt < highAt - MAX_BACK_MS ? receivedAt : highAt;
  }

  get state(): FadingClockState {
    return { highAt: this.#highAt ?? null, elapsedMs: this.#elapsedMs };
  }

  #gapTo(receivedAt: number): number {
    const gapMs = receivedAt - (this.#highAt ?? receivedAt);
    return Math.min(Math.max(gapMs, 0), MAX_GAP_MS);
  }
}

export interface FadingClockState {
  readonly highAt: number | null;
  readonly elapsedMs: number;
}

function weightAfter(elapsedMs: number): number {
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
