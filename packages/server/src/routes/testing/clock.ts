import type { Clock } from "../../domain/clock.js";

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #now = Date.parse("2026-11-22T09:30:00.000Z");
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves on and calls back what is due, in order. */
  advance(byMs: number): void {
    this.#now += byMs;
    const due = [...this.#timers].filter(({ at }) => at <= this.#now);
    for (const timer of due.sort((a, b) => a.at - b.at)) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
