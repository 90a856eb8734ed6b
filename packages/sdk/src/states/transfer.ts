import { ConnectionError, follow, throwIfAborted } from "../core.js";
import type { ClientParts } from "../late.js";

/**
 * One exchange with a storage host. It may take as long as bytes keep moving; it ends when none has
 * for the client's `timeoutMs`, or when it is aborted.
 */
export class Transfer {
  readonly #controller = new AbortController();
  readonly #signals: readonly (AbortSignal | undefined)[];
  readonly #silenceMs: number;
  readonly #leave: readonly (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasTimedOut = false;

  constructor({ options }: ClientParts, signal: AbortSignal | undefined) {
    this.#signals = [signal, options.signal];
    throwIfAborted(this.#signals);
    this.#silenceMs = options.timeoutMs;
    const abort = () => this.#controller.abort();
    this.#leave = this.#signals.flatMap((each) => (each ? [follow(each, abort)] : []));
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Bytes have moved. */
  touch(silenceMs = this.#silenceMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#hasTimedOut = true;
      this.#controller.abort();
    }, silenceMs);
  }

  /** Nothing is waited for until the next bytes move. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.pause();
    for (const leave of this.#leave) leave();
  }

  /** What to throw for a failed exchange: the abort's reason unchanged, else a typed error. */
  failure(host: string, cause: unknown): unknown {
    for (const signal of this.#signals) if (signal?.aborted) return signal.reason;
    if (this.#hasTimedOut) {
      const message = `Expected bytes of the state to move to or from ${host}, got silence for ${this.#silenceMs} ms.`;
      return new ConnectionError({ code: "CONNECTION_TIMEOUT", message, cause });
    }
    const message = `The transfer of the state to or from ${host} broke off. Check that this machine reaches it.`;
    return new ConnectionError({ code: "CONNECTION_FAILED", message, cause });
  }
}

/**
 * The same bytes, with silence counted while they are waited for and at no other time.
 *
 * @param isSending - Whoever reads sends them on, so that being slow to ask is silence as well.
 */
export function watch(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  transfer: Transfer,
  isSending: boolean,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = bytes.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        transfer.touch();
        const { done, value } = await reader.read();
        if (!isSending) transfer.pause();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** For messages: never the URL, which is a permission. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
