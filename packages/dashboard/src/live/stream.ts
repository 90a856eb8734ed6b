import { REQUEST_EVENT_TYPES, type WireEvent } from "@holdpoint/protocol";
import { createParser } from "eventsource-parser";
import { reconnectDelayMs } from "./backoff.js";

/** Twice the server's heartbeat of 15 seconds and some: after that the line is taken for dead. */
const SILENCE_LIMIT_MS = 40_000;

export type Connection = "connecting" | "live" | "offline" | "signed-out";

export interface LiveStreamOptions {
  readonly projectId: string;
  readonly onEvent: (event: WireEvent) => void;
  /** The line is up; `resumed` is false on the first time. What was missed follows as events. */
  readonly onOpen: (resumed: boolean) => void;
  readonly onConnection: (connection: Connection) => void;
}

/**
 * Follows `/v1/events` until closed, reconnecting with `Last-Event-ID`. Read by `fetch` and not by
 * `EventSource`, which can send neither the project header nor tell 401 from a broken line.
 */
export function openLiveStream(options: LiveStreamOptions): () => void {
  const closing = new AbortController();
  void follow(options, closing.signal);
  return () => closing.abort();
}

async function follow(options: LiveStreamOptions, closing: AbortSignal): Promise<void> {
  const position: Position = { lastEventId: undefined, opened: false };
  let failures = 0;
  options.onConnection("connecting");
  while (!closing.aborted) {
    const outcome = await readOnce(options, position, closing);
    if (closing.aborted) return;
    if (outcome === "signed-out") return options.onConnection("signed-out");
    failures = outcome === "ended" ? 1 : failures + 1;
    options.onConnection("offline");
    await waitForRetry(reconnectDelayMs(failures, Math.random()), closing);
  }
}

interface Position {
  lastEventId: string | undefined;
  opened: boolean;
}

/** Reads one connection to its end. `ended`: it had worked; `failed`: it never did. */
async function readOnce(
  { projectId, onEvent, onOpen, onConnection }: LiveStreamOptions,
  position: Position,
  closing: AbortSignal,
): Promise<"ended" | "failed" | "signed-out"> {
  const line = new AbortController();
  const hangUp = () => line.abort();
  closing.addEventListener("abort", hangUp);
  const silence = createAlarm(SILENCE_LIMIT_MS, hangUp);
  let worked = false;
  try {
    const response = await fetch("/v1/events", {
      signal: line.signal,
      credentials: "same-origin",
      headers: {
        accept: "text/event-stream",
        "holdpoint-project": projectId,
        ...(position.lastEventId === undefined ? {} : { "last-event-id": position.lastEventId }),
      },
    });
    if (response.status === 401) return "signed-out";
    if (!response.ok || response.body === null) return "failed";
    worked = true;
    onConnection("live");
    onOpen(position.opened);
    position.opened = true;
    await readEvents(response.body, silence, (id, event) => {
      if (id !== undefined) position.lastEventId = id;
      if (event) onEvent(event);
    });
  } catch {
    // A broken line is expected here; the loop above tells the person and tries again.
  } finally {
    silence.stop();
    closing.removeEventListener("abort", hangUp);
  }
  return worked ? "ended" : "failed";
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  silence: Alarm,
  receive: (id: string | undefined, event: WireEvent | undefined) => void,
): Promise<void> {
  const parser = createParser({
    onEvent: ({ id, event, data }) => receive(id, readEvent(event, data)),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    silence.restart();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

/** One of our events, or `undefined` for a type this dashboard does not know. */
export function readEvent(type: string | undefined, data: string): WireEvent | undefined {
  if (!(REQUEST_EVENT_TYPES as readonly unknown[]).includes(type)) return undefined;
  try {
    return JSON.parse(data) as WireEvent;
  } catch {
    return undefined;
  }
}

interface Alarm {
  restart(): void;
  stop(): void;
}

function createAlarm(afterMs: number, ring: () => void): Alarm {
  let timer = setTimeout(ring, afterMs);
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(ring, afterMs);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Waits, but not a moment longer than it takes the browser to come back online. */
function waitForRetry(delayMs: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      closing.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    window.addEventListener("online", finish);
    closing.addEventListener("abort", finish);
  });
}
