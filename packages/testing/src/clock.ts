import type { Clock } from "@holdpoint/server";

/** The longest delay `setTimeout` takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2_147_483_647;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  handle: ReturnType<typeof setTimeout>;
}

/**
 * The control plane's clock: real time, plus every jump a test makes. It flows, so that nothing
 * held hangs for ever, and its timers do not keep the process alive.
 */
export class TestClock implements Clock {
  readonly #timers = new Set<Timer>();
  #offsetMs = 0;

  /** Milliseconds since the epoch, UTC. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer: Timer = {
      at: this.now() + delayMs,
      callback,
      handle: this.#arm(() => timer, delayMs),
    };
    this.#timers.add(timer);
    return () => this.#forget(timer);
  }

  /**
   * Moves the time on and calls back whatever falls due, in order, each at its own time.
   *
   * @throws {RangeError} when `ms` is not a finite number of at least 0: time does not run back.
   */
  async jump(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0)
      throw new RangeError("Expected milliseconds of at least 0.");
    const target = this.now() + ms;
    for (let due = this.#nextDue(target); due; due = this.#nextDue(target)) {
      this.#setNow(Math.max(this.now(), due.at));
      this.#fire(due);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#setNow(Math.max(this.now(), target));
    for (const timer of this.#timers) {
      clearTimeout(timer.handle);
      timer.handle = this.#arm(() => timer, timer.at - this.now());
    }
  }

  #setNow(time: number): void {
    this.#offsetMs = time - Date.now();
  }

  #nextDue(target: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= target);
    return due.sort((one, other) => one.at - other.at)[0];
  }

  #arm(timer: () => Timer, delayMs: number): Timer["handle"] {
    const handle = setTimeout(
      () => this.#ring(timer()),
      Math.min(Math.max(delayMs, 0), MAX_DELAY_MS),
    );
    handle.unref();
    return handle;
  }

  #ring(timer: Timer): void {
    const remaining = timer.at - this.now();
    if (remaining <= 0) this.#fire(timer);
    else timer.handle = this.#arm(() => timer, remaining);
  }

  #fire(timer: Timer): void {
    this.#forget(timer);
    timer.callback();
  }

  #forget(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
