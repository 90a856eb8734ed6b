import type { Clock } from "@holdpoint/server";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class StandingClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(startsAt: string) {
    this.#now = Date.parse(startsAt);
  }

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Goes on, and calls back what falls due on the way, in order, each at its own time. */
  async advance(byMs: number): Promise<void> {
    const target = this.#now + byMs;
    for (let due = this.#nextDue(target); due; due = this.#nextDue(target)) {
      this.#now = Math.max(this.#now, due.at);
      this.#timers.delete(due);
      due.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = target;
  }

  /** Goes on to an instant that lies ahead, for example `2026-03-01T00:00:00Z`. */
  async advanceTo(instant: string): Promise<void> {
    await this.advance(Date.parse(instant) - this.#now);
  }

  #nextDue(target: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= target);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}
