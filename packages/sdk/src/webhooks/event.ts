import type { JsonObject, WireActor } from "@holdpoint/protocol";
import {
  isFinalStatus,
  isJsonObject,
  parseRequest,
  REQUEST_EVENT_TYPES,
  readDecision,
} from "../core.js";
import { openExecution } from "../executions/contents.js";
import { parseExecution } from "../executions/wire.js";
import type { ClientParts } from "../late.js";
import { openRequest } from "../lookups/requests.js";
import type { LoadedState } from "../states/options.js";
import type { HoldpointRequest } from "../views/request.js";
import type { ShieldVerdict } from "../views/shield.js";
import type { WebhookEvent, Webhooks } from "./options.js";
import { readMovedMoney } from "./purchase.js";
import { readSecrets } from "./secrets.js";
import { refuse, type VerifiedWebhook, verifyWebhook } from "./verify.js";

/** Makes the function behind `webhooks.unwrap`. */
export function createUnwrap(parts: ClientParts): Webhooks["unwrap"] {
  return async (rawBody, headers, secret) => {
    const verified = verifyWebhook(rawBody, headers, readSecrets(secret));
    const event = await openEvent(verified, parts);
    if (event !== undefined) return event;
    throw refuse(
      "WEBHOOK_MALFORMED",
      "Expected an event type this SDK knows, got a newer one. Update @holdpoint/sdk, or choose the endpoint's event types.",
    );
  };
}

/**
 * A signed webhook as callers see it; `undefined` for a type we do not know.
 *
 * @throws {WebhookVerificationError} `WEBHOOK_MALFORMED`.
 * @throws {DecryptionError} and what else a request or execution that is not right throws.
 */
export async function openEvent(
  { id, text }: VerifiedWebhook,
  parts: ClientParts,
): Promise<WebhookEvent | undefined> {
  const { type, timestamp, data } = parseBody(text);
  const base = { id, timestamp };
  if (type === "webhook.test") return { ...base, type };
  if (!(REQUEST_EVENT_TYPES as readonly string[]).includes(type)) return undefined;
  const { cipher } = parts;
  const event = readEvent(data.event, { id, type });
  const request = parseRequest(data.request, event.requestId);
  const told = {
    ...base,
    request: await openRequest(request, cipher),
    actor: event.actor,
    receiptId: event.receiptId,
    loadState: () => loadState(parts, request.state_id),
  };
  if (type === "request.created" || type === "request.endorsed") return { ...told, type };
  if (type === "shield.anomaly") return { ...told, type, verdict: verdictOf(told.request) };
  if (type.startsWith("purchase.")) return { ...told, type, purchase: event.money } as WebhookEvent;
  if (!isFinalStatus(request.status)) throw malformed("an answered request");
  const decision = await readDecision(request, { cipher });
  if (type.startsWith("request.")) return { ...told, type, decision } as WebhookEvent;
  const wire = parseExecution(data.execution, { requestId: request.id });
  return { ...told, type, decision, execution: await openExecution(wire, cipher) } as WebhookEvent;
}

function verdictOf({ shield }: HoldpointRequest): ShieldVerdict {
  if (shield === undefined) throw malformed("the shield's verdict of an anomaly");
  return shield;
}

async function loadState(
  parts: ClientParts,
  stateId: string | undefined,
): Promise<LoadedState | undefined> {
  if (stateId === undefined) return undefined;
  const { createStates } = await import("../states/index.js");
  return createStates(parts).load(stateId);
}

interface Body {
  readonly type: string;
  readonly timestamp: Date;
  readonly data: JsonObject;
}

function parseBody(text: string): Body {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw malformed("JSON");
  }
  if (!isJsonObject(body)) throw malformed("a JSON object");
  const { type, data } = body;
  const timestamp = new Date(String(body.timestamp));
  if (typeof type !== "string") throw malformed("a type");
  if (Number.isNaN(timestamp.getTime())) throw malformed("a time as timestamp");
  if (!isJsonObject(data)) throw malformed("an object as data");
  return { type, timestamp, data };
}

/** The event has to be the one its headers and its type tell of. */
function readEvent(event: unknown, expected: { readonly id: string; readonly type: string }) {
  if (!isJsonObject(event) || event.id !== expected.id || event.type !== expected.type) {
    throw malformed("the event that its headers name");
  }
  const { request_id, receipt_id, actor } = event;
  const money = readMovedMoney(event.purchase);
  if (typeof request_id !== "string" || typeof receipt_id !== "string" || !isJsonObject(actor)) {
    throw malformed("an event with its request, receipt and actor");
  }
  if (expected.type.startsWith("purchase.") && money === undefined) {
    throw malformed("what was moved");
  }
  return {
    requestId: request_id,
    receiptId: receipt_id,
    actor: actor as unknown as WireActor,
    money,
  };
}

function malformed(expected: string) {
  return refuse(
    "WEBHOOK_MALFORMED",
    `Expected ${expected} in the webhook, got something else. Is this the secret of a Holdpoint endpoint?`,
  );
}
