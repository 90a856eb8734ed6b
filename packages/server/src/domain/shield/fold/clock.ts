/** Time in which nothing happens counts as at most so much: a week. */
const MAX_GAP_MS = 604_800_000;
/** A clock that goes back by more than this was put right, and is followed. */
const MAX_BACK_MS = 86_400_000;

/**
 * Time as a profile counts it, by when its entries came. It never goes back and never leaps: a service that
 * rests does not forget, and a clock that was wrong for a while does no more harm than a week of rest.
 */
export class ProfileClock {
  #highAt: number | undefined;
  #elapsedMs: number;

  constructor({ highAt, elapsedMs }: ClockState = { highAt: null, elapsedMs: 0 }) {
    this.#highAt = highAt ?? undefined;
    this.#elapsedMs = elapsedMs;
  }

  /** Milliseconds since the first entry, as far as they count. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  advance(receivedAt: number): void {
    const highAt = this.#highAt ?? receivedAt;
    this.#elapsedMs += Math.min(Math.max(receivedAt - highAt, 0), MAX_GAP_MS);
    const isAhead = receivedAt > highAt || receivedAt < highAt - MAX_BACK_MS;
    this.#highAt = isAhead ? receivedAt : highAt;
  }

  get state(): ClockState {
    return { highAt: this.#highAt ?? null, elapsedMs: this.#elapsedMs };
  }
}

export interface ClockState {
  readonly highAt: number | null;
  readonly elapsedMs: number;
}
