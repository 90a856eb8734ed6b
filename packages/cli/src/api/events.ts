import { setTimeout } from "node:timers/promises";
import { parseProblem, type WireEvent } from "@holdpoint/protocol";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { CommandFailure } from "../failure.js";
import { refusal, unreachable } from "./client.js";

/** A live event and its place in the order of commits. */
export interface LiveEvent extends WireEvent {
  readonly sequence: number;
}

export interface FollowOptions {
  readonly url: string;
  readonly operatorToken: string;
  readonly signal: AbortSignal;
  /** Replays what came after this sequence; absent: only what happens from now on. */
  readonly after?: number;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly onEvent: (event: LiveEvent) => void;
  /** Called each time the stream is open, and each time it is lost with the wait in milliseconds. */
  readonly onOpen?: () => void;
  readonly onLost?: (retryInMs: number) => void;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/**
 * Follows the live events until `signal` aborts. A lost connection is taken up again where it
 * broke off, so nothing is missed and nothing comes twice.
 *
 * @throws {CommandFailure} when the very first connection fails, or the credential is refused.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { signal } = options;
  let position = options.after;
  let everOpen = false;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const stream = await openStream(options, position);
      everOpen = true;
      retryMs = FIRST_RETRY_MS;
      options.onOpen?.();
      for await (const { event, id, data } of readStream(stream, options)) {
        // `ready` says where the stream begins, so even a first break loses nothing.
        position = Number(id);
        if (event?.startsWith("request.")) {
          options.onEvent({ ...JSON.parse(data), sequence: position });
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!everOpen || !isPassing(error)) throw error;
    }
    if (signal.aborted) return;
    // Half of the wait is random, so that many followers do not return in step.
    const waitMs = Math.round(retryMs * (0.5 + Math.random() / 2));
    options.onLost?.(waitMs);
    // Rejects only when aborted, which the loop sees.
    await setTimeout(waitMs, undefined, { signal }).catch(() => {});
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

async function openStream(options: FollowOptions, position: number | undefined) {
  const request = new Request(`${options.url}/v1/events`, {
    redirect: "error",
    signal: options.signal,
    headers: {
      accept: "text/event-stream",
      authorization: `Bearer ${options.operatorToken}`,
      ...(position !== undefined && { "last-event-id": String(position) }),
    },
  });
  const response = await (options.fetch ?? fetch)(request).catch((error: unknown) => {
    throw unreachable(options.url, error);
  });
  if (response.ok && response.body) return response.body;
  throw refusal(response.status, parseProblem(await response.json().catch(() => undefined)));
}

async function* readStream(
  stream: ReadableStream<Uint8Array>,
  { url, signal }: FollowOptions,
): AsyncGenerator<EventSourceMessage> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  // The request's own signal ends only what came over a network.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((error: unknown) => {
        throw unreachable(url, error);
      });
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* messages.splice(0);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof CommandFailure && error.reason === "unreachable";
}
