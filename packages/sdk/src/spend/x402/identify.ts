import type { JsonValue } from "@holdpoint/protocol";
import { createId, invalidInput, LIMITS } from "../../core.js";
import { findRequestId } from "../../idempotency/index.js";
import type { Payer } from "./payer.js";

const NO_BODY = ["GET", "HEAD"];

/** What the purchase of a call is known by. */
export interface Identity {
  readonly id: string;
  /** Whoever makes the call again finds it. Without a key nobody does. */
  readonly isKeyed: boolean;
}

/**
 * The id that the key, the method, the URL and the body stand for. The challenge is not in it: one
 * that has changed must meet the purchase it has changed from.
 */
export async function identifyCall({ parts, options }: Payer, request: Request): Promise<Identity> {
  const key = (options.key ?? readKey)(request);
  if (key === undefined) {
    if (options.wait !== false) return { id: createId("req"), isKeyed: false };
    throw invalidInput(
      "key",
      "a key for each call (or an Idempotency-Key header) with wait: false, for the call that is made again is found by it",
    );
  }
  if (typeof key !== "string" || key === "" || key.length > LIMITS.idempotencyKeyLength) {
    throw invalidInput("key", `a text of 1 to ${LIMITS.idempotencyKeyLength} characters`);
  }
  const environment = options.environment ?? parts.options.environment ?? null;
  const { method, url } = request;
  const body = NO_BODY.includes(method) ? null : await digestBody(request);
  const subject: JsonValue = ["spend", "x402", environment, "key", key, method, url, body];
  return { id: await findRequestId(parts, subject, request.signal), isKeyed: true };
}

function readKey(request: Request): string | undefined {
  return request.headers.get("idempotency-key") ?? undefined;
}

async function digestBody(request: Request): Promise<string> {
  const bytes = await request.clone().arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
