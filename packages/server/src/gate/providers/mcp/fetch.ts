import { Readable } from "node:stream";
import { authorize, type CallRules, send } from "../../egress/call.js";
import { readAll } from "../../egress/read.js";
import type { IncomingAnswer } from "../../egress/transport.js";
import { FaultError, refuse } from "../../fault.js";

/** How the client of MCP calls out: by the same rules, and with the same secrets, as any action. */
export interface McpFetch {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  /** Ends with the run, and with the first answer that cannot be read. */
  readonly signal: AbortSignal;
  /** What the first call that failed has failed of: the client's own errors tell less. */
  fault(): FaultError | undefined;
}

export function createMcpFetch(
  server: URL,
  headers: Readonly<Record<string, string>>,
  rules: CallRules,
): McpFetch {
  const failing = new AbortController();
  const signal = AbortSignal.any([rules.signal, failing.signal]);
  let first: FaultError | undefined;
  function note(error: unknown): never {
    if (error instanceof FaultError) first ??= error;
    throw error;
  }

  async function call(url: string | URL, init: RequestInit): Promise<Response> {
    const target = new URL(url);
    if (target.origin !== server.origin) {
      throw refuse("egress_refused", "Expected the server to stay where it is.");
    }
    const method = init.method === "DELETE" ? "DELETE" : "POST";
    const plan = {
      method,
      url: target,
      headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) },
      ...(typeof init.body === "string" && { body: Buffer.from(init.body) }),
    } as const;
    const answer = await send(await authorize(plan, rules), { ...rules, signal: signalOf(init) });
    return toResponse(answer);
  }

  /** The client's own end of a call is none of the run's: it has its answer by then. */
  function signalOf({ signal: own }: RequestInit): AbortSignal {
    return own == null ? rules.signal : AbortSignal.any([rules.signal, own]);
  }

  async function toResponse({ status, headers: fields, body }: IncomingAnswer): Promise<Response> {
    const picked = new Headers();
    for (const name of ["content-type", "location", "mcp-session-id", "mcp-protocol-version"]) {
      const value = fields[name];
      if (typeof value === "string") picked.set(name, value);
    }
    const isStream = /^text\/event-stream/i.test(picked.get("content-type") ?? "");
    if (isStream) {
      const stream = Readable.toWeb(Readable.from(watch(body), { objectMode: false }));
      return new Response(stream as ReadableStream<Uint8Array>, { status, headers: picked });
    }
    const bytes = new Uint8Array(await readAll(body));
    const hasBody = status !== 204 && status !== 205 && status !== 304;
    return new Response(hasBody ? bytes : null, { status, headers: picked });
  }

  /** A stream that breaks is told to the call that waits for it, which would else wait for ever. */
  async function* watch(body: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void> {
    try {
      yield* body;
    } catch (error) {
      if (error instanceof FaultError) first ??= error;
      failing.abort(error);
      throw error;
    }
  }

  return {
    signal,
    fault: () => first,
    async fetch(url, init = {}) {
      // The gate waits for answers alone, not for what a server says unasked.
      if (init.method === "GET") return new Response(null, { status: 405 });
      return call(url, init).catch(note);
    },
  };
}
