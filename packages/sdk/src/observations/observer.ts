import { LIMITS } from "@holdpoint/protocol/core";
import type { ClientParts } from "../late.js";
import { throwIfAborted } from "../transport/abort.js";
import type { FlushOptions, FlushResult, ObservedCall } from "./options.js";

/** A call as it waits to be sent. */
export interface Observed {
  readonly service: string;
  readonly action: string;
  readonly runId: string | undefined;
  readonly parentRequestId: string | undefined;
  readonly environment: string | undefined;
  readonly endsRun: unknown;
  /** The arguments as JSON, until they are hashed. Never sent. */
  text: string | undefined;
  /** Otherwise `text` has samples of their types in place of values. */
  readonly isWhole: boolean;
  readonly observedAtMs: number;
}

/** What brings observed calls to the control plane. Its code comes late. */
export interface Sender {
  /** Sends what waits until nothing does. Never rejects. */
  send(): Promise<void>;
  flush(options: FlushOptions): Promise<void>;
  /** As `flush`, for somebody who has something else to do. */
  settle(signal: AbortSignal | undefined): Promise<void>;
}

/** Calls kept until they are sent; beyond it the oldest are dropped. */
const BUFFER_SIZE = 1_000;
/** So many are sent at once, and as soon as there are so many. */
export const BATCH_SIZE = 50;
/** Fewer are sent so long after the first of them. */
const BATCH_MS = 1_000;
/** Characters of arguments that are kept until they are hashed; of those beyond it only the shape. */
const TEXT_SIZE = 4_194_304;

/** What a client has observed and not yet sent: only what has to be at hand. */
export class Observer {
  readonly parts: ClientParts;
  /** Oldest first. */
  readonly waiting: Observed[] = [];
  sent = 0;
  dropped = 0;
  /** Taken out of `waiting`, and neither sent nor dropped yet. */
  sending = 0;
  /** Characters of arguments that wait to be hashed. */
  textSize = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sender: Promise<Sender> | undefined;

  constructor(parts: ClientParts) {
    this.parts = parts;
  }

  /** Takes note of a call. Whatever is wrong with it, the agent goes on. */
  observe(call: ObservedCall): void {
    try {
      const note = takeNote(call, this.textSize < TEXT_SIZE);
      this.textSize += note.text?.length ?? 0;
      this.waiting.push(note);
      const excess = this.sending + this.waiting.length - BUFFER_SIZE;
      if (excess > 0) this.#drop(excess);
      this.#schedule();
    } catch {
      this.dropped++;
    }
  }

  /** Lets go of arguments: they are hashed, or nobody needs them any more. */
  release(note: Observed): void {
    this.textSize -= note.text?.length ?? 0;
    note.text = undefined;
  }

  /** See {@link ClientParts.settleObserved}. */
  settle(signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.sending + this.waiting.length === 0) return undefined;
    // Aborted, or the code did not load: what is asked goes on, or finds out itself.
    return this.#load()
      .then((sender) => sender.settle(signal))
      .catch(() => {});
  }

  async flush(options: FlushOptions): Promise<FlushResult> {
    const signals = [options.signal, this.parts.options.signal];
    throwIfAborted(signals);
    try {
      await (await this.#load()).flush(options);
    } catch {
      // Aborted, or the code did not load.
      throwIfAborted(signals);
    }
    const { sent, dropped, sending, waiting } = this;
    return { sent, dropped, pending: sending + waiting.length };
  }

  #drop(count: number): void {
    const oldest = this.waiting.splice(0, count);
    for (const note of oldest) this.release(note);
    this.dropped += oldest.length;
  }

  #schedule(): void {
    const isFull = this.waiting.length === BATCH_SIZE;
    if (this.#timer !== undefined && !isFull) return;
    clearTimeout(this.#timer);
    const send = () => {
      this.#timer = undefined;
      // Where the code does not load, the next call observed tries again.
      this.#load().then(
        (sender) => sender.send(),
        () => {},
      );
    };
    this.#timer = setTimeout(send, isFull ? 0 : BATCH_MS);
    // What is left to send keeps no process alive; only flush() does.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #load(): Promise<Sender> {
    this.#sender ??= import("./index.js").then(
      ({ createSender }) => createSender(this),
      (error: unknown) => {
        this.#sender = undefined;
        throw error;
      },
    );
    return this.#sender;
  }
}

function takeNote(call: ObservedCall, isRoomy: boolean): Observed {
  const { service, action, payload, runId, parentRequestId, environment, endsRun } = call;
  const whole = isRoomy ? (JSON.stringify(payload) as string | undefined) : undefined;
  const isWhole = whole !== undefined && whole.length <= LIMITS.payloadBytes;
  const text = isWhole ? whole : (JSON.stringify(payload, strip) as string | undefined);
  const isBounded =
    isText(service, LIMITS.serviceLength) &&
    isText(action, LIMITS.actionLength) &&
    isText(text ?? "", LIMITS.payloadBytes) &&
    isText(runId ?? "", LIMITS.runIdLength) &&
    isText(parentRequestId ?? "", LIMITS.runIdLength) &&
    isText(environment ?? "", LIMITS.environmentLength);
  // Caught where it is counted.
  if (!isBounded) throw new TypeError();
  return {
    service,
    action,
    runId,
    parentRequestId,
    environment,
    endsRun,
    text,
    isWhole,
    observedAtMs: Date.now(),
  };
}

/** The control plane looks closer. What it would refuse for its length is not kept until then. */
function isText(value: unknown, maxLength: number): boolean {
  return typeof value === "string" && value.length <= maxLength;
}

/** Every value becomes a sample of its type, so that only keys and types are kept. */
function strip(_key: string, value: unknown): unknown {
  if (typeof value === "string") return "";
  if (typeof value === "number") return 0;
  return typeof value === "boolean" ? false : value;
}
