import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { LogStore } from "../store/verbs/log.js";

/** Receipts taken in by one transaction: as many as fill a tile. */
const BATCH_SIZE = 256;
/** How long receipts gather before the log takes them in together, in milliseconds. */
const GATHER_MS = 50;
/** Wait after a failure, in milliseconds. */
const RETRY_DELAY_MS = 1_000;

/** Takes receipts into the log after they are committed, in batches, so that nobody waits for it. */
export interface Sequencer {
  /** Makes the log, unless it is there, and begins with what waits from before. */
  start(): Promise<void>;
  /** Takes in everything committed by now. Concurrent calls share the work. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export function createSequencer(parts: {
  readonly log: LogStore;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly logger: Logger;
  /** The log's name, used when it is made. */
  readonly origin: string;
}): Sequencer {
  const { log, clock, wakeups, logger, origin } = parts;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let unsubscribe = () => {};
  let stopped = false;

  function gather(delayMs: number): void {
    if (stopped || cancelTimer !== undefined) return;
    cancelTimer = clock.setTimer(inBackground, delayMs);
  }

  function inBackground(): void {
    flush().catch((error: unknown) => {
      if (!stopped) logger.error({ err: error }, "taking receipts into the log failed");
    });
  }

  async function run(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    try {
      while ((await log.integrate(BATCH_SIZE)) === BATCH_SIZE && !stopped);
    } catch (error) {
      gather(RETRY_DELAY_MS);
      throw error;
    }
  }

  /** What is under way may have begun before the last commit, so it is followed by another run. */
  function flush(): Promise<void> {
    if (running === undefined) {
      running = run().finally(() => {
        running = undefined;
      });
      return running;
    }
    following ??= running
      .catch(() => {})
      .then(() => {
        following = undefined;
        return flush();
      });
    return following;
  }

  return {
    async start() {
      await log.open(origin);
      unsubscribe = wakeups.onAny(() => gather(GATHER_MS));
      inBackground();
    },
    flush,
    async stop() {
      stopped = true;
      unsubscribe();
      cancelTimer?.();
      await Promise.allSettled([running, following]);
    },
  };
}
