import { ConnectionError } from "../errors/connection.js";
import type { ResolvedOptions } from "../options.js";
import { type Signals, sleep, throwIfAborted, withSignals } from "./abort.js";
import { type Answer, readAnswer } from "./answer.js";
import type { Authorization, Authorizer } from "./authorizer.js";
import { backoffMs, isRetryable } from "./backoff.js";

/** One HTTP call. `body` is the final text: every retry sends the same bytes. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Begins with `/v1/`; query included. */
  readonly path: string;
  readonly body?: string;
  /** Ends this call, beside the client's own signal. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one try. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** The request it is about, for the error. */
  readonly requestId?: string;
  /** Answers without content: anything else is no success. Default false. */
  readonly isEmpty?: boolean;
  /** Goes out even when the client's own signal has aborted. Default false. */
  readonly detached?: boolean;
  /** Told before each try goes out: from then on it may have been received. */
  readonly onSend?: () => void;
}

type TransportOptions = Pick<
  ResolvedOptions,
  "baseUrl" | "fetch" | "maxRetries" | "signal" | "timeoutMs"
>;

/** Sends calls to the control plane. Everything it throws is typed, an abort's reason excepted. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #authorizer: Authorizer;
  #hasAnswered = false;

  constructor(options: TransportOptions, authorizer: Authorizer) {
    this.#options = options;
    this.#authorizer = authorizer;
  }

  get maxRetries(): number {
    return this.#options.maxRetries;
  }

  /** True once the control plane has answered a call of this client. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Sends a call, and again after a passing failure, up to `maxRetries` times. */
  async call(call: Call): Promise<unknown> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.attempt(call);
      } catch (error) {
        if (!isRetryable(error) || failures > this.maxRetries) throw error;
        await sleep(backoffMs(failures, error.retryAfterMs), this.#signalsOf(call));
      }
    }
  }

  /** Sends a call once; again at once where it was refused for something that could be mended. */
  async attempt(call: Call): Promise<unknown> {
    const { answer, secrets } = await this.#deliver(call);
    const { requestId, isEmpty } = call;
    const body = readAnswer({ ...answer, text: conceal(answer, secrets), requestId, isEmpty });
    this.#hasAnswered = true;
    return body;
  }

  /** Waits, or rethrows the reason of an abort. */
  sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
    return sleep(durationMs, this.#signals(signal));
  }

  async #deliver(call: Call): Promise<Delivered> {
    const { method, path, body } = call;
    const url = `${this.#options.baseUrl}${path}`;
    const outgoing = { method, url, body, signals: this.#signalsOf(call) };
    throwIfAborted(outgoing.signals);
    let authorization = await this.#authorizer.authorize(outgoing);
    for (;;) {
      const answer = await this.#exchange(call, url, authorization);
      const mended = await authorization.review?.(answer);
      if (mended === undefined) return { answer, secrets: authorization.secrets };
      authorization = mended;
    }
  }

  async #exchange(call: Call, url: string, { headers }: Authorization): Promise<Answer> {
    const signals = this.#signalsOf(call);
    const timeoutMs = call.timeoutMs ?? this.#options.timeoutMs;
    return withSignals(signals, timeoutMs, async (signal, hasTimedOut) => {
      try {
        call.onSend?.();
        const response = await this.#fetch(call, url, headers, signal);
        return { status: response.status, headers: response.headers, text: await response.text() };
      } catch (error) {
        throwIfAborted(signals);
        throw this.#connectionError(call, error, hasTimedOut() ? timeoutMs : undefined);
      }
    });
  }

  #fetch(
    { method, body }: Call,
    url: string,
    authorization: Authorization["headers"],
    signal: AbortSignal,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json", ...authorization };
    if (body !== undefined) headers["content-type"] = "application/json";
    return this.#options.fetch(url, {
      method,
      headers,
      body: body ?? null,
      signal,
      // Followed, a redirect could carry the key and the payload to another host.
      redirect: "manual",
    });
  }

  #connectionError(call: Call, cause: unknown, timedOutAfterMs?: number): ConnectionError {
    const { baseUrl } = this.#options;
    const isTimeout = timedOutAfterMs !== undefined;
    const message = isTimeout
      ? `Expected an answer from ${baseUrl} within ${timedOutAfterMs} ms, got none.`
      : `Cannot reach ${baseUrl}${reasonWord(cause)}. Check HOLDPOINT_URL and that the control plane runs (\`npx holdpoint dev\`).`;
    const code = isTimeout ? "CONNECTION_TIMEOUT" : "CONNECTION_FAILED";
    return new ConnectionError({ code, message, requestId: call.requestId, cause });
  }

  #signalsOf({ detached, signal }: Call): Signals {
    return detached ? [signal] : this.#signals(signal);
  }

  #signals(signal: AbortSignal | undefined): Signals {
    return [signal, this.#options.signal];
  }
}

interface Delivered {
  readonly answer: Answer;
  readonly secrets: readonly string[];
}

/** A server or proxy that echoes a credential must not carry it into an error. */
function conceal({ status, text }: Answer, secrets: readonly string[]): string {
  if (status < 400) return text;
  return secrets.reduce((kept, secret) => kept.replaceAll(secret, "[credential]"), text);
}

/** The system's short code (`ECONNREFUSED`), where there is one. */
function reasonWord(error: unknown): string {
  const { cause } = Object(error) as { cause?: unknown };
  const { code } = Object(cause) as { code?: unknown };
  return typeof code === "string" ? ` (${code})` : "";
}
