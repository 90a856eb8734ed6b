import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import { parseAmount } from "@holdpoint/protocol/spend/core";
import {
  fetchRequest,
  invalidInput,
  invalidResponse,
  isJsonObject,
  LIMITS,
  PurchaseRejectedError,
  readDecision,
} from "../core.js";
import type { Execution } from "../executions/execution.js";
import { type Approval, claimOrFollow } from "../guard/claim.js";
import { awaitOutcome, readOutcome } from "../guard/follow.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import type { DraftPurchaseOptions } from "./draft.js";
import { makePurchase } from "./make.js";
import type { GuardPurchaseOptions, PaidPurchase, PaymentFunction } from "./options.js";
import { type ApprovedPurchase, finishPayment, payClaimed } from "./pay.js";
import type { Purchase } from "./purchase.js";
import { waitForPurchase } from "./read.js";
import { isPayable } from "./wire.js";

/** How long to wait past the last moment a person has, so that the answer expired is the server's. */
const EXPIRY_GRACE_MS = 30_000;

/** One call of `hp.spend.guard`. */
export interface GuardedPurchase {
  readonly parts: ClientParts;
  readonly options: GuardPurchaseOptions & DraftPurchaseOptions;
  readonly call: CallOptions | undefined;
}

/** Reserves, waits, claims, pays once, confirms: the whole of a guarded payment. */
export async function guardPurchase<Result>(
  guarded: GuardedPurchase,
  pay: PaymentFunction<Result>,
): Promise<PaidPurchase<Result>> {
  const { parts, call } = guarded;
  const purchase = await reserve(guarded);
  const request = await fetchRequest(parts.transport, purchase.requestId, call?.signal);
  const paid = isPayable(purchase.status)
    ? await payOnce(guarded, purchase as ApprovedPurchase, request, pay)
    : await readPast(guarded, purchase, request);
  return paid as PaidPurchase<Result>;
}

/** Makes the purchase, or finds it, and waits until it has its answer. */
async function reserve({ parts, options, call }: GuardedPurchase): Promise<Purchase> {
  const { id, idempotencyKey, onPending } = options;
  if (id === undefined && idempotencyKey === undefined) {
    throw invalidInput("idempotencyKey", "a name for what is paid once, or an id");
  }
  const made = await makePurchase(parts, options, call?.signal);
  if (made.status !== "pending") return made;
  onPending?.(made);
  const timeoutMs = LIMITS.defaultTimeoutMs + EXPIRY_GRACE_MS;
  return waitForPurchase(parts, made.requestId, { ...call, timeoutMs });
}

async function payOnce(
  { parts, options, call }: GuardedPurchase,
  purchase: ApprovedPurchase,
  request: WireRequest,
  pay: PaymentFunction<unknown>,
): Promise<PaidPurchase> {
  const decision = await readApproval(parts, purchase, request);
  const claimed = await claimOrFollow({
    parts,
    decision,
    executionId: request.execution.id,
    leaseMs: options.leaseMs,
    idempotent: options.idempotent,
    signal: call?.signal,
  });
  return claimed.status === "CLAIMED"
    ? payClaimed(claimed.run, purchase, pay)
    : finishRecorded(parts, purchase, claimed.execution);
}

/** The approval with its grant, which has to be for the amount that may be paid. */
async function readApproval(
  { cipher }: ClientParts,
  purchase: ApprovedPurchase,
  request: WireRequest,
): Promise<Approval> {
  const decision = await readDecision(request, { cipher });
  const { requestId } = purchase;
  if (!decision.approved) throw invalidResponse("Expected an approved request", { requestId });
  // What is encrypted cannot be edited, and its amount is none of what is encrypted.
  if (purchase.encrypted || isForAmount(purchase, decision.approvedPayload)) return decision;
  throw invalidResponse("Expected an approval of the purchase's amount", { requestId });
}

function isForAmount({ approvedAmount, currency }: ApprovedPurchase, payload: JsonValue): boolean {
  if (!isJsonObject(payload) || payload.currency !== currency) return false;
  try {
    return parseAmount(String(payload.amount), currency) === parseAmount(approvedAmount, currency);
  } catch {
    return false;
  }
}

/** What became of a purchase that may not be paid, or not any more. */
async function readPast(
  { parts, call }: GuardedPurchase,
  purchase: Purchase,
  { execution: { id } }: WireRequest,
): Promise<PaidPurchase> {
  const { status } = purchase;
  const execution = id === undefined ? undefined : await awaitOutcome(parts, id, call?.signal);
  if (status === "completed") {
    return execution?.status === "COMMITTED"
      ? finishRecorded(parts, purchase, execution)
      : { purchase, result: undefined };
  }
  if (execution !== undefined) readOutcome(execution);
  throw refusalOf(purchase);
}

async function finishRecorded(
  parts: ClientParts,
  purchase: Purchase,
  execution: Execution,
): Promise<PaidPurchase> {
  return finishPayment(parts, purchase, readOutcome(execution));
}

function refusalOf(purchase: Purchase): PurchaseRejectedError {
  const { requestId, status } = purchase;
  const message = `Expected ${requestId} to be approved, got it ${status}. Nothing was paid. See purchase for the checks and the reason.`;
  return new PurchaseRejectedError({ code: "PURCHASE_REJECTED", message, requestId, purchase });
}
