import type { Context } from "../context.js";
import type { StoredEvent } from "../store/store.js";

const HEARTBEAT_MS = 15_000;
const PAGE_SIZE = 100;

/** Where the events of a project go. A rejection ends the following. */
export interface EventSink {
  /** Asks whether the reader may still read; always when `epoch` is absent. */
  confirm(epoch?: number): Promise<void>;
  event(event: StoredEvent): Promise<void>;
  beat(): Promise<void>;
}

/** A following under way. `ended` resolves when the reader has gone, may no longer read, or we close. */
export interface Follower {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Hands on every event of a project after `sequence`, in order, as it is committed. */
export function followEvents(
  { store, wakeups, clock, drain, credentialEpoch }: Context,
  projectId: string,
  sequence: number,
  sink: EventSink,
): Follower {
  let stopped = false;
  let isBeatDue = false;
  let isWoken = true;
  let wake = () => {};

  const nudge = () => {
    isWoken = true;
    wake();
  };
  const stop = () => {
    stopped = true;
    wake();
  };
  const unsubscribe = wakeups.onProject(projectId, nudge);
  const stopDrain = drain.onDrain(stop);
  let stopTimer = startHeartbeat();

  function startHeartbeat(): () => void {
    return clock.setTimer(() => {
      isBeatDue = true;
      wake();
    }, HEARTBEAT_MS);
  }

  async function handOn(): Promise<void> {
    let last = sequence;
    let epoch = credentialEpoch.value;
    while (!stopped) {
      if (isBeatDue) {
        isBeatDue = false;
        await sink.confirm();
        await sink.beat();
        stopTimer = startHeartbeat();
      } else if (isWoken) {
        isWoken = false;
        await sink.confirm(epoch);
        epoch = credentialEpoch.value;
        last = await sendAfter(last);
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  async function sendAfter(last: number): Promise<number> {
    let sent = last;
    for (;;) {
      const events = await store.events.listAfter(projectId, sent, PAGE_SIZE);
      for (const event of events) {
        if (stopped) return sent;
        await sink.event(event);
        sent = event.sequence;
      }
      if (events.length < PAGE_SIZE) return sent;
    }
  }

  const ended = handOn()
    // Whoever may no longer read, or has gone, is simply no longer served.
    .catch(() => {})
    .finally(() => {
      unsubscribe();
      stopDrain();
      stopTimer();
    });
  return { ended, stop };
}
