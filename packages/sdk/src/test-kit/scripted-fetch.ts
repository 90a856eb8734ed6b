/** One call as it reached the network. */
export interface SentCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly redirect: string | undefined;
  readonly signal: AbortSignal;
  /** By `performance.now()`, which tests may fake. */
  readonly sentAtMs: number;
}

export type Reply = Response | Error | ((call: SentCall) => Response | Promise<Response>) | object;

/**
 * A network that follows a script: one reply per call, the last one for ever. A plain object is
 * answered as JSON, an error is thrown as `fetch` throws.
 */
export function scriptFetch(...replies: readonly Reply[]) {
  const calls: SentCall[] = [];
  const fetch = async (
    input: string | URL | Request,
    init: RequestInit = {},
  ): Promise<Response> => {
    const call: SentCall = {
      method: init.method ?? "GET",
      url: new URL(String(input)),
      headers: new Headers(init.headers as Record<string, string>),
      body: typeof init.body === "string" ? init.body : undefined,
      redirect: init.redirect,
      signal: init.signal ?? new AbortController().signal,
      sentAtMs: performance.now(),
    };
    const reply = replies[Math.min(calls.length, replies.length - 1)] as Reply;
    calls.push(call);
    if (reply instanceof Error) throw reply;
    if (reply instanceof Response) return reply.clone();
    return typeof reply === "function" ? reply(call) : Response.json(reply);
  };
  return { calls, fetch };
}

/** A reply that never comes; it ends with the call's abort, as `fetch` does. */
export function silence(call: SentCall): Promise<Response> {
  return new Promise((_, reject) => {
    const abort = () => reject(new DOMException("Aborted", "AbortError"));
    if (call.signal.aborted) abort();
    call.signal.addEventListener("abort", abort);
  });
}
