import type { JsonObject } from "@holdpoint/protocol";
import type { WireMoney, WirePurchase, WirePurchaseDetails } from "@holdpoint/protocol/spend";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { type Cipher, invalidResponse, isJsonObject } from "../core.js";
import type { Purchase } from "./purchase.js";

/**
 * A purchase as callers see it, decrypted.
 *
 * @throws {DecryptionError} It does not open, or is plaintext although a key is set: not approved.
 */
export async function openPurchase(purchase: WirePurchase, cipher: Cipher): Promise<Purchase> {
  const { policy_check, budget_remaining: remaining, x402 } = purchase;
  const view = {
    requestId: purchase.id,
    status: purchase.status,
    hold: purchase.hold,
    amount: textOf(purchase.amount),
    approvedAmount: textOf(approvedOf(purchase)),
    actualAmount: textOf(purchase.actual_amount),
    refundedAmount: textOf(purchase.refunded_amount),
    currency: purchase.amount.currency,
    category: purchase.category,
    merchantName: purchase.merchant_name,
    payee: purchase.payee,
    ...(await openDetails(purchase, cipher)),
    encrypted: purchase.encrypted,
    x402,
    policyCheck: { passed: policy_check.passed, checks: policy_check.checks },
    budgetRemaining: remaining && textOf(remaining),
    agent: purchase.agent,
    createdAt: new Date(purchase.created_at),
    expiresAt: optionalDate(purchase.expires_at),
    holdExpiresAt: optionalDate(purchase.hold_expires_at),
    confirmedAt: optionalDate(purchase.confirmed_at),
    late: purchase.late ?? false,
    receiptUrl: purchase.receipt_url,
    externalId: purchase.external_id,
    reason: purchase.reason,
    decidedBy: purchase.decided_by,
    quorum: purchase.quorum,
    approvals: purchase.approvals,
    url: purchase.url,
  };
  const present = Object.entries(view).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as Purchase;
}

/** What a person approved, or a policy. Nobody has approved what was rejected, or left to expire. */
function approvedOf({ status, decided_by, approved_amount, amount }: WirePurchase) {
  const isApproved = decided_by?.type === "operator" || decided_by?.type === "policy";
  return isApproved && status !== "rejected" ? (approved_amount ?? amount) : undefined;
}

/** What only people read of a purchase. Absent in lists, and where nothing of it was said. */
async function openDetails(
  { id, details, encrypted }: WirePurchase,
  cipher: Cipher,
): Promise<WirePurchaseDetails> {
  if (details === undefined) return {};
  const opened = await cipher.open({ id, encrypted }, details, "payload");
  if (!isJsonObject(opened)) throw invalidResponse("Expected details", { requestId: id });
  const { description, comment, metadata } = opened;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  if (isText(description) && isText(comment) && isOptionalObject(metadata)) {
    return { description, comment, metadata } as WirePurchaseDetails;
  }
  throw invalidResponse("Expected the details of a purchase", { requestId: id });
}

function isOptionalObject(value: unknown): value is JsonObject | undefined {
  return value === undefined || isJsonObject(value);
}

function textOf(money: WireMoney): string;
function textOf(money: WireMoney | undefined): string | undefined;
function textOf(money: WireMoney | undefined): string | undefined {
  return money && formatAmount(BigInt(money.amount_minor), money.currency);
}

function optionalDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
