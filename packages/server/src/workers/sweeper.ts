import { type Clock, MAX_TIMER_DELAY_MS } from "../domain/clock.js";
import { describeError, type Logger } from "../http/log.js";

/** Things whose time comes, dealt with in one transaction. */
const BATCH_SIZE = 100;
/** Wait after a failed sweep, in milliseconds. */
const RETRY_DELAY_MS = 1_000;

/** Deals with things when their time comes: one timer, set for the next of them. */
export interface Sweeper {
  start(): Promise<void>;
  /** Tells of a time at which something will be due. */
  watch(at: number): void;
  /** Deals with what is due now. Concurrent calls share one sweep. */
  sweep(): Promise<void>;
  /** Whether something may be due that has not been swept. */
  readonly isDue: boolean;
  stop(): Promise<void>;
}

export interface SweeperOptions {
  /** For the log, should a sweep fail. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Deals with up to `limit` things that are due at `now`; answers how many there were. */
  readonly sweepDue: (now: number, limit: number) => Promise<number>;
  /** When the next is due. */
  readonly nextDue: () => Promise<number | undefined>;
}

export function createSweeper({ name, clock, log, sweepDue, nextDue }: SweeperOptions): Sweeper {
  let nextAt = Number.POSITIVE_INFINITY;
  let cancelTimer = () => {};
  let running: Promise<void> | undefined;
  let stopped = false;

  function schedule(at: number): void {
    cancelTimer();
    nextAt = at;
    if (stopped || at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(at - clock.now(), 0), MAX_TIMER_DELAY_MS);
    cancelTimer = clock.setTimer(onTimer, delayMs);
  }

  function onTimer(): void {
    sweep().catch((error: unknown) =>
      log.error({ err: describeError(error) }, `${name} sweep failed`),
    );
  }

  async function run(): Promise<void> {
    try {
      while ((await sweepDue(clock.now(), BATCH_SIZE)) === BATCH_SIZE);
      nextAt = Number.POSITIVE_INFINITY;
      const next = await nextDue();
      // Something watched while we asked may be earlier than the answer.
      schedule(Math.min(next ?? Number.POSITIVE_INFINITY, nextAt));
    } catch (error) {
      // Whoever asked is told; what is due stays so, and may be known to nobody else.
      schedule(clock.now() + RETRY_DELAY_MS);
      throw error;
    }
  }

  function sweep(): Promise<void> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    start: sweep,
    sweep,
    get isDue() {
      return nextAt <= clock.now();
    },
    watch(at) {
      if (at < nextAt) schedule(at);
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await running?.catch(() => {});
    },
  };
}
