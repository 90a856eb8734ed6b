import { RUN_IDLE_MS, RUN_KEPT_MS, type RunCursor } from "../run.js";

/** Runs that a profile knows where they stand, at most; the oldest are given up first. */
export const MAX_RUNS = 20_000;

/** A run, with what its profile has to know beyond where it stands. */
export interface Run {
  cursor: RunCursor;
  /** When its last step came, as its profile counts time. */
  touchedMs: number;
  /** Surprise and number of the steps that the entropy curve does not know yet. */
  bits: number;
  steps: number;
  /** Steps that were not learnt, and that no person has called usual. */
  waiting: number;
  /** The last step is one of them: what follows it is not learnt. */
  endsWaiting: boolean;
  /** What its end was counted with, while it counts. `null`: it has none, or it was not learnt. */
  endWeight: number | null;
  /** Its numbers in the entropy curve and the calibration, once it is in them. */
  entropyRun: number | null;
  calibrationRun: number | null;
}

/** The runs in the order in which they were touched: those that go on, and those that may be reopened. */
export class Runs {
  readonly #open = new Map<string, Run>();
  readonly #ended = new Map<string, Run>();

  constructor(runs: readonly Run[] = []) {
    for (const run of runs) this.put(run);
  }

  get(key: string): Run | undefined {
    return this.#open.get(key) ?? this.#ended.get(key);
  }

  /** Gets it out. Who takes one puts it back, or gives it up. */
  take(key: string): Run | undefined {
    const run = this.get(key);
    this.#open.delete(key);
    this.#ended.delete(key);
    return run;
  }

  /** As the one touched last. */
  put(run: Run): void {
    (run.cursor.ended ? this.#ended : this.#open).set(run.cursor.key, run);
  }

  /** Gets those out that nothing has happened in for too long, and forgets those ended long ago. */
  takeIdle(nowMs: number): readonly Run[] {
    for (const run of this.#ended.values()) {
      if (nowMs - run.touchedMs < RUN_KEPT_MS) break;
      this.#ended.delete(run.cursor.key);
    }
    const idle: Run[] = [];
    for (const run of this.#open.values()) {
      if (nowMs - run.touchedMs < RUN_IDLE_MS) break;
      this.#open.delete(run.cursor.key);
      idle.push(run);
    }
    return idle;
  }

  /** Forgets the oldest that has ended, where there are too many; else gets the oldest out. */
  takeExcess(): Run | undefined {
    if (this.#open.size + this.#ended.size <= MAX_RUNS) return undefined;
    const [ended] = this.#ended.keys();
    if (ended !== undefined) {
      this.#ended.delete(ended);
      return undefined;
    }
    const [open] = this.#open.keys();
    return open === undefined ? undefined : this.take(open);
  }

  get all(): readonly Run[] {
    return [...this.#ended.values(), ...this.#open.values()];
  }
}
