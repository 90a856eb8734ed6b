import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { HttpMethod } from "@holdpoint/protocol/gate";
import { createCheckedLookup, isPublicAddress, type Resolve } from "../../network/address.js";
import { faultOf } from "./faults.js";
import { readBounded } from "./read.js";

/**
 * Milliseconds that a connection stays open unused. Less than the five seconds after which Node's own
 * servers hang up, so that a call is seldom sent into a connection which is just being closed.
 */
const IDLE_MS = 4_000;

export interface OutgoingCall {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface SendLimits {
  /** Whether the host's name may lead to an address of this machine or a private network. */
  readonly allowsPrivate: boolean;
  /** Bytes of the answer's body, unpacked. */
  readonly maxResponseBytes: number;
  /** Its reason is a {@link FaultError}. */
  readonly signal: AbortSignal;
}

export interface IncomingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Read once, or left with `return()`. Throws a {@link FaultError}. */
  readonly body: AsyncGenerator<Buffer, void>;
}

export interface Transport {
  /** @throws {FaultError} that says whether the service may have acted. */
  send(call: OutgoingCall, limits: SendLimits): Promise<IncomingAnswer>;
  close(): void;
}

/**
 * Node's own client: it follows no redirect, asks no proxy, and connects to the very address that its
 * `lookup` has checked. Connections to public and to private addresses are pooled apart, so a call
 * that may not go to a private one never finds one open.
 *
 * @param parts.authorities - PEM of the certificate authorities that are trusted. Default: Node's.
 */
export function createTransport(
  parts: { readonly resolve?: Resolve; readonly authorities?: string } = {},
): Transport {
  const publicAgents = createAgents(isPublicAddress, parts);
  const privateAgents = createAgents(() => true, parts);
  return {
    send(call, limits) {
      const agents = limits.allowsPrivate ? privateAgents : publicAgents;
      const { url, method, headers } = call;
      const outgoing =
        url.protocol === "https:"
          ? requestHttps(url, { method, headers, agent: agents.https })
          : requestHttp(url, { method, headers, agent: agents.http });
      return exchange(outgoing, call, limits);
    },
    close() {
      for (const { http, https } of [publicAgents, privateAgents]) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

function createAgents(
  isAllowed: (address: string) => boolean,
  { resolve, authorities }: { readonly resolve?: Resolve; readonly authorities?: string },
) {
  const lookup = createCheckedLookup(() => isAllowed, resolve);
  const keepAlive = { keepAlive: true, maxFreeSockets: 32, timeout: IDLE_MS, lookup };
  return {
    http: new HttpAgent(keepAlive),
    // Said here too: the environment could have turned verification off for all of Node.
    https: new HttpsAgent({
      ...keepAlive,
      rejectUnauthorized: true,
      ...(authorities !== undefined && { ca: authorities }),
    }),
  };
}

function exchange(
  outgoing: ClientRequest,
  { method, body }: OutgoingCall,
  { signal, maxResponseBytes }: SendLimits,
): Promise<IncomingAnswer> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    let isAnswered = false;
    watchSending(outgoing, () => {
      isSent = true;
    });
    const toFault = (error: unknown) =>
      faultOf(signal.aborted ? signal.reason : error, { method, isSent });
    // Without the reason, which a connection between two calls would throw where nobody listens.
    const abort = () => void outgoing.destroy();
    signal.addEventListener("abort", abort, { once: true });
    outgoing.on("response", (response: IncomingMessage) => {
      const { statusCode: status = 0, headers } = response;
      // Whoever reads the body is told; when nobody does any more, an abort must not end the process.
      response.on("error", () => {});
      isAnswered = true;
      resolve({
        status,
        headers,
        body: readBounded(response, { method, maxResponseBytes, toFault }),
      });
    });
    outgoing.on("error", (error) => reject(toFault(error)));
    outgoing.on("close", () => {
      signal.removeEventListener("abort", abort);
      // As after an upgrade that nobody asked for.
      if (!isAnswered) reject(toFault(undefined));
    });
    if (signal.aborted) abort();
    else outgoing.end(body);
  });
}

/** Node writes a request as soon as its connection stands; on one that is used again, at once. */
function watchSending(outgoing: ClientRequest, onSent: () => void): void {
  outgoing.on("socket", (socket) => {
    if (outgoing.reusedSocket || !socket.connecting) return onSent();
    socket.once("encrypted" in socket ? "secureConnect" : "connect", onSent);
  });
}
