import type { Clock } from "../domain/clock.js";
import type { Wakeups } from "../events/wakeups.js";
import type { Logger } from "../http/log.js";
import type { Store } from "../store/store.js";
import type { Attempt } from "../webhooks/attempt.js";

/** Attempts at once to one endpoint: a receiver that is slow holds up only itself. */
const PER_ENDPOINT = 8;
/** Attempts at once in all. */
const IN_ALL = 128;
/** A lease outlives the longest attempt by far; when it ends, its worker is taken for dead. */
const LEASE_MS = 60_000;
/** Looks at least this often, for what another replica has left behind. */
const LOOK_MS = 60_000;
/** Wait after the store failed, or where nothing else tells when to look, in milliseconds. */
const RETRY_DELAY_MS = 1_000;
/** How long attempts under way may still take once we close, in milliseconds. */
const GRACE_MS = 5_000;

/** Sends what the outbox holds, as soon as it is committed and again as long as it must. */
export interface DeliveryWorker {
  start(): void;
  /** Looks now. To be called after a commit that made something due. */
  wake(): void;
  /** Takes no more, lets attempts under way end, then interrupts what is left. */
  stop(): Promise<void>;
}

export function createDeliveryWorker(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly log: Logger;
  readonly attempt: Attempt;
}): DeliveryWorker {
  const { store, clock, wakeups, log, attempt } = parts;
  const underWay = new Map<string, number>();
  const running = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let isWoken = false;
  let stopped = false;
  let unsubscribe = () => {};
  let cancelTimer = () => {};

  function wake(): void {
    isWoken = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (isWoken && !stopped) wake();
    });
  }

  async function look(): Promise<void> {
    let delayMs = LOOK_MS;
    try {
      while (isWoken && !stopped) {
        isWoken = false;
        await fill();
      }
      const next = await store.webhookDeliveries.nextDue();
      if (next !== undefined) delayMs = Math.min(delayMs, delayUntil(next));
    } catch (error) {
      if (stopped) return;
      log.error({ err: error }, "looking for webhooks to deliver failed");
      delayMs = RETRY_DELAY_MS;
    }
    schedule(delayMs);
  }

  /** What is due already waits for a free place, most likely; whoever frees one wakes us. */
  function delayUntil(at: number): number {
    const delayMs = at - clock.now();
    return delayMs > 0 ? delayMs : RETRY_DELAY_MS;
  }

  function schedule(delayMs: number): void {
    cancelTimer();
    if (!stopped) cancelTimer = clock.setTimer(wake, delayMs);
  }

  /** Leases what is due, as far as there are places for it. */
  async function fill(): Promise<void> {
    const endpoints = await store.webhookDeliveries.dueEndpoints(clock.now());
    for (const endpointId of endpoints) {
      const places = Math.min(PER_ENDPOINT - countOf(endpointId), IN_ALL - running.size);
      if (places <= 0 || stopped) continue;
      const now = clock.now();
      const until = now + LEASE_MS;
      const leased = await store.webhookDeliveries.lease(endpointId, now, until, places);
      for (const delivery of leased) run(endpointId, attempt.make(delivery));
    }
  }

  function run(endpointId: string, work: Promise<void>): void {
    underWay.set(endpointId, countOf(endpointId) + 1);
    const done = work
      .catch((error: unknown) => log.error({ err: error }, "recording a webhook failed"))
      .finally(() => {
        running.delete(done);
        const left = countOf(endpointId) - 1;
        if (left > 0) underWay.set(endpointId, left);
        else underWay.delete(endpointId);
        if (!stopped) wake();
      });
    running.add(done);
  }

  function countOf(endpointId: string): number {
    return underWay.get(endpointId) ?? 0;
  }

  return {
    start() {
      unsubscribe = wakeups.onAny((projectId) => {
        if (store.webhookDeliveries.expects(projectId)) wake();
      });
      wake();
    },
    wake,
    async stop() {
      stopped = true;
      unsubscribe();
      cancelTimer();
      await looking?.catch(() => {});
      const lastCall = setTimeout(() => attempt.interrupt(), GRACE_MS);
      await Promise.all(running);
      clearTimeout(lastCall);
      attempt.interrupt();
    },
  };
}
