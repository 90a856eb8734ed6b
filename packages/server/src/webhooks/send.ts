import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Clock } from "../domain/clock.js";
import {
  type AddressPolicy,
  AddressRefusedError,
  createGuardedLookup,
  type Resolve,
  webhookUrlProblem,
} from "./address.js";
import { parseRetryAfter } from "./schedule.js";

/** An attempt may take this long in all, in milliseconds: name, connection, answer and its body. */
export const SEND_TIMEOUT_MS = 15_000;
/** Bytes of an answer that are read, only to let the connection be used again. */
const MAX_ANSWER_BYTES = 65_536;

/** What kept an answer from coming. */
export type SendFault =
  | "address_refused"
  | "name_not_found"
  | "connection_refused"
  | "connection_reset"
  | "connection_failed"
  | "tls_failed"
  | "timeout"
  | "interrupted";

export type SendResult =
  | { readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly error: SendFault };

export interface Sender {
  /** Posts a body and gives the answer's status. Never throws, never follows a redirect. */
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<SendResult>;
  /** Ends what is under way, as `interrupted`. */
  close(): void;
}

/**
 * Sends webhooks to the public internet only. Node's own client: it follows no redirect, asks no
 * proxy, and connects to the very address that its `lookup` has checked.
 */
export function createSender(parts: {
  readonly clock: Clock;
  readonly policy: AddressPolicy;
  readonly resolve?: Resolve;
}): Sender {
  const { clock, policy } = parts;
  const lookup = createGuardedLookup(policy, parts.resolve);
  const keepAlive = { keepAlive: true, maxFreeSockets: 8, timeout: 30_000, lookup };
  const http = new HttpAgent(keepAlive);
  const https = new HttpsAgent(keepAlive);
  const underWay = new Set<(fault: SendFault) => void>();

  function open(url: URL, headers: Readonly<Record<string, string>>): ClientRequest {
    const options = { method: "POST", headers };
    return url.protocol === "https:"
      ? requestHttps(url, { ...options, agent: https })
      : requestHttp(url, { ...options, agent: http });
  }

  function post(url: URL, headers: Readonly<Record<string, string>>, body: string) {
    return new Promise<SendResult>((resolve) => {
      const outgoing = open(url, headers);
      let result: SendResult | undefined;
      const end = (fault: SendFault) => {
        result ??= { error: fault };
        outgoing.destroy();
      };
      const stopTimer = clock.setTimer(() => end("timeout"), SEND_TIMEOUT_MS);
      underWay.add(end);
      outgoing.on("response", (response) => {
        result ??= resultOf(response, clock.now());
        discard(response);
      });
      outgoing.on("error", (error) => {
        result ??= { error: faultOf(error) };
      });
      outgoing.on("close", () => {
        stopTimer();
        underWay.delete(end);
        resolve(result ?? { error: "connection_reset" });
      });
      outgoing.end(body);
    });
  }

  return {
    async send(url, headers, body) {
      if (webhookUrlProblem(url, policy) !== undefined) return { error: "address_refused" };
      return post(new URL(url), { ...headers, ...contentHeaders(body) }, body);
    },
    close() {
      for (const end of [...underWay]) end("interrupted");
      http.destroy();
      https.destroy();
    },
  };
}

function contentHeaders(body: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Holdpoint-Webhooks/1",
  };
}

function resultOf({ statusCode = 0, headers }: IncomingMessage, now: number): SendResult {
  return { status: statusCode, retryAfterMs: parseRetryAfter(headers["retry-after"], now) };
}

/** Reads to the end, so that the connection can be used again, but not for ever. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  // The status has come; how the rest ends changes nothing.
  response.on("error", () => {});
}

const FAULTS: Readonly<Record<string, SendFault>> = {
  ENOTFOUND: "name_not_found",
  EAI_AGAIN: "name_not_found",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  EPIPE: "connection_reset",
  ETIMEDOUT: "timeout",
};

/** A fixed word, never the library's text: it could tell what our network looks like inside. */
function faultOf(error: Error & { readonly code?: string }): SendFault {
  if (error instanceof AddressRefusedError) return "address_refused";
  const code = error.code ?? "";
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO)/.test(code)) {
    return "tls_failed";
  }
  return FAULTS[code] ?? "connection_failed";
}
