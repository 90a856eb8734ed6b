import type { JsonObject } from "@holdpoint/protocol";
import type {
  PaymentChallenge,
  WireCreatePurchase,
  WirePurchase,
  WirePurchaseDetails,
} from "@holdpoint/protocol/spend";
import {
  canonicalJson,
  createId,
  fingerprintOf,
  invalidInput,
  LIMITS,
  requireRequestId,
  sensitiveIn,
  toJson,
} from "../core.js";
import { findRequestId, keySubject } from "../idempotency/index.js";
import type { ClientParts } from "../late.js";
import { present } from "../present.js";
import { readAmount } from "./amount.js";
import type { PurchaseOptions } from "./options.js";
import type { Purchase } from "./purchase.js";

/** A purchase ready to send. The body is final: every retry sends the same bytes under the same id. */
export interface PurchaseDraft {
  readonly id: string;
  readonly body: string;
  /** The id stands for a key, so whoever drafts the same again means the same purchase. */
  readonly isKeyed: boolean;
  /** Canonical text of what it is judged by, to compare an answer with. */
  readonly facts: string;
  readonly description: string | undefined;
}

/** What only the client itself says of a purchase. */
export interface DraftPurchaseOptions extends PurchaseOptions {
  /** What the payment is bound to. */
  readonly x402?: PaymentChallenge;
}

/** `undefined` members are left out by `JSON.stringify`. */
type Sendable<Wire> = { [Key in keyof Wire]: Wire[Key] | undefined };

/**
 * Checks, converts and encrypts what the caller asks. Nothing is sent here.
 *
 * With an encryption key there are always details, if empty ones: a purchase that is not encrypted
 * would be refused wherever this client reads it as a request.
 */
export async function draftPurchase(
  options: DraftPurchaseOptions,
  parts: ClientParts,
  signal?: AbortSignal,
): Promise<PurchaseDraft> {
  const { options: client, cipher } = parts;
  const { currency, category, merchantName, payee, description, x402 } = options;
  const minor = readAmount("amount", options.amount, currency);
  const id = await chooseId(options, parts, signal);
  const amount = { amount_minor: Number(minor), currency };
  const details = prepareDetails(options);
  const isSaid = Object.keys(details).length > 0;
  const sealed = cipher.enabled ? await cipher.seal(details, id, "payload") : undefined;
  const bought = { amount, category, merchantName, payee, resource: x402?.resource_url };
  const body = JSON.stringify({
    id,
    amount,
    category,
    merchant_name: merchantName,
    payee,
    details: (sealed ?? (isSaid ? details : undefined)) as WirePurchaseDetails | undefined,
    encrypted: sealed === undefined ? undefined : true,
    fingerprint: await fingerprintOf(present({ ...bought, details }) as JsonObject),
    // Whom to pay, an IBAN perhaps, is there to be read.
    sensitive: sensitiveIn(details, client.shield),
    x402,
    agent_label: client.agent,
    environment: options.environment ?? client.environment,
    run_id: options.runId,
    parent_request_id: options.parentRequestId,
  } satisfies Sendable<WireCreatePurchase>);
  const facts = { id, amount, category, merchantName, payee, x402 };
  const isKeyed = options.idempotencyKey !== undefined;
  return { id, body, isKeyed, facts: canonicalJson(present(facts)), description };
}

/** True when a purchase is the one that was drafted, in everything an approver relies on. */
export function isSamePurchase(
  draft: PurchaseDraft,
  purchase: WirePurchase,
  { description }: Purchase,
): boolean {
  const { id, amount, category, merchant_name: merchantName, payee, x402 } = purchase;
  const facts = canonicalJson(present({ id, amount, category, merchantName, payee, x402 }));
  // Whoever decides may have put the description right, where it could be read.
  const isEdited = !purchase.encrypted && purchase.decided_by?.type === "operator";
  return facts === draft.facts && (isEdited || description === draft.description);
}

async function chooseId(
  { id, idempotencyKey: key, environment }: PurchaseOptions,
  parts: ClientParts,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (key === undefined) return id === undefined ? createId("req") : requireRequestId(id);
  if (id !== undefined) throw invalidInput("idempotencyKey", "nothing beside an id");
  const scope = {
    service: "spend",
    action: "purchase",
    environment: environment ?? parts.options.environment,
  };
  return findRequestId(parts, keySubject(scope, key), signal);
}

function prepareDetails({ description, comment, metadata }: PurchaseOptions): JsonObject {
  return present({
    description: description === undefined ? undefined : requireText("description", description),
    comment: comment === undefined ? undefined : requireText("comment", comment),
    metadata: metadata && toJson("metadata", metadata, LIMITS.metadataBytes),
  }) as JsonObject;
}

/** Checked here, for the server cannot read what is encrypted. */
function requireText(name: string, value: unknown): string {
  const length = LIMITS.purchaseTextLength;
  if (typeof value === "string" && value.length <= length) return value;
  throw invalidInput(name, `a text of at most ${length} characters`);
}
