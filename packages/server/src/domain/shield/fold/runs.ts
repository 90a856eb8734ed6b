import { RUN_IDLE_MS, RUN_KEPT_MS, type RunCursor } from "../run.js";
import { Queue } from "./queue.js";

/** Runs that a profile knows where they stand, at most; the oldest are given up first. */
const MAX_RUNS = 20_000;

/** A run, with what its profile has to know beyond where it stands. */
export interface Run {
  cursor: RunCursor;
  /** When its last step came, as its profile counts time. */
  touchedMs: number;
  /** Surprise and number of the steps that the entropy curve does not know yet. */
  bits: number;
  steps: number;
  /** All of its steps have counted at once, and no person has called one of them unusual. */
  isLearnt: boolean;
  /** The last step counts, so that what follows may. */
  endsLearnt: boolean;
  /** What its end was counted with, while it counts. `null`: it has none, or it was not learnt. */
  endWeight: number | null;
  /** Its numbers in the entropy curve and the calibration, once it is in them. */
  entropyRun: number | null;
  calibrationRun: number | null;
}

export function createRun(cursor: RunCursor): Run {
  return {
    cursor,
    touchedMs: 0,
    bits: 0,
    steps: 0,
    isLearnt: true,
    endsLearnt: true,
    endWeight: null,
    entropyRun: null,
    calibrationRun: null,
  };
}

/** The runs in the order in which they were touched: those that go on, and those that may be reopened. */
export class Runs {
  readonly #open = new Queue<Run>();
  readonly #ended = new Queue<Run>();

  constructor(runs: readonly Run[] = []) {
    for (const run of runs) this.put(run);
  }

  get(key: string): Run | undefined {
    return this.#open.get(key) ?? this.#ended.get(key);
  }

  /** Gets it out. Who takes one puts it back, or gives it up. */
  take(key: string): Run | undefined {
    return this.#open.take(key) ?? this.#ended.take(key);
  }

  /** As the one touched last. It must not be there. */
  put(run: Run): void {
    (run.cursor.ended ? this.#ended : this.#open).put(run.cursor.key, run);
  }

  /** Gets one out that nothing has happened in for too long, and forgets those ended long ago. */
  takeIdle(nowMs: number): Run | undefined {
    while (isOlder(this.#ended.first, nowMs, RUN_KEPT_MS)) this.#ended.takeFirst();
    return isOlder(this.#open.first, nowMs, RUN_IDLE_MS) ? this.#open.takeFirst() : undefined;
  }

  /** Forgets the oldest that has ended, where there are too many; else gets the oldest out. */
  takeExcess(): Run | undefined {
    if (this.#open.size + this.#ended.size <= MAX_RUNS) return undefined;
    return this.#ended.takeFirst() === undefined ? this.#open.takeFirst() : undefined;
  }

  get all(): readonly Run[] {
    return [...this.#ended, ...this.#open];
  }
}

function isOlder(run: Run | undefined, nowMs: number, ageMs: number): boolean {
  return run !== undefined && nowMs - run.touchedMs >= ageMs;
}
