import type { Clock } from "../../domain/clock.js";
import { gateClosing } from "../../domain/gate/problem.js";
import type { ActionRunner } from "../../domain/gate/run.js";

/** How long closing waits for what runs, before it is cut off. */
const GRACE_MS = 10_000;

/** What runs actions, and knows of every run under way. */
export interface Gate {
  readonly runner: ActionRunner;
  /**
   * Does something that closing has to wait for.
   *
   * @param work - Its signal ends what is still running when the wait is over.
   * @throws {ProblemError} `UNAVAILABLE` once closing has begun.
   */
  admit<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Lets nothing in any more, waits for what runs, cuts it off after ten seconds, closes the runner. */
  close(): Promise<void>;
}

export function createGate({
  runner,
  clock,
}: {
  readonly runner: ActionRunner;
  readonly clock: Clock;
}): Gate {
  const underWay = new Set<Promise<unknown>>();
  const ending = new AbortController();
  let closing: Promise<void> | undefined;

  async function finish(): Promise<void> {
    const stopTimer = clock.setTimer(() => ending.abort(), GRACE_MS);
    await Promise.allSettled(underWay);
    stopTimer();
    await runner.close();
  }

  return {
    runner,
    async admit(work) {
      if (closing !== undefined) throw gateClosing();
      const running = work(ending.signal);
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}
