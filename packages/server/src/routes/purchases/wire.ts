import { type Envelope, isFinalStatus, type JsonValue } from "@holdpoint/protocol";
import { purchaseStatusOf, type WireMoney, type WirePurchase } from "@holdpoint/protocol/spend";
import { detailsOf } from "../../domain/spend/payload.js";
import type { Purchase } from "../../domain/spend/purchase.js";
import { toWireApproval } from "../requests/wire.js";
import { optionalTime, wireTime } from "../time.js";

/** A purchase as it travels. Lists leave out its details. */
export function toWirePurchase(purchase: Purchase, publicUrl: string): WirePurchase {
  const { request, terms, hold, checks, late } = purchase;
  const { decidedBy, quorum, approvals, reason } = request;
  const isPending = !isFinalStatus(request.status);
  return {
    id: request.id,
    project_id: request.projectId,
    agent: request.agent,
    status: purchaseStatusOf({ requestStatus: request.status, decidedBy, hold }),
    hold,
    ...amountsOf(purchase),
    category: terms.category,
    ...(terms.merchantName !== undefined && { merchant_name: terms.merchantName }),
    ...(terms.payee !== undefined && { payee: terms.payee }),
    ...wireDetailsOf(request),
    encrypted: request.encrypted,
    ...(terms.x402 !== undefined && { x402: terms.x402 }),
    policy_check: { passed: checks.every(({ result }) => result !== "fail"), checks },
    created_at: wireTime(request.createdAt),
    ...(isPending && { expires_at: wireTime(request.expiresAt) }),
    ...optionalTime("hold_expires_at", purchase.holdExpiresAt),
    ...optionalTime("confirmed_at", purchase.confirmedAt),
    ...(late && { late }),
    ...(purchase.receiptUrl !== undefined && { receipt_url: purchase.receiptUrl }),
    ...(purchase.externalId !== undefined && { external_id: purchase.externalId }),
    ...(reason !== undefined && { reason }),
    ...(decidedBy !== undefined && { decided_by: decidedBy }),
    ...(quorum !== undefined && { quorum }),
    ...(approvals !== undefined && { approvals: approvals.map(toWireApproval) }),
    url: `${publicUrl}/requests/${request.id}`,
  };
}

function amountsOf(purchase: Purchase) {
  const { terms, approvedAmountMinor, actualAmountMinor, refundedAmountMinor } = purchase;
  const money = (amount: number): WireMoney => ({
    amount_minor: amount,
    currency: terms.currency,
  });
  const remaining = purchase.remainingMinor;
  return {
    amount: money(terms.amountMinor),
    ...(approvedAmountMinor !== undefined && { approved_amount: money(approvedAmountMinor) }),
    ...(actualAmountMinor !== undefined && { actual_amount: money(actualAmountMinor) }),
    ...(refundedAmountMinor > 0 && { refunded_amount: money(refundedAmountMinor) }),
    budget_remaining: remaining === undefined ? null : money(remaining),
  };
}

/** As the agent sent them, or as a person has edited them. */
function wireDetailsOf(request: Purchase["request"]): Pick<WirePurchase, "details"> {
  const { encrypted, payload, patchedPayload } = request;
  const approved = patchedPayload ?? payload;
  if (approved === undefined) return {};
  if (encrypted) return { details: approved as Envelope };
  const details = detailsOf(approved as JsonValue);
  return details === undefined ? {} : { details };
}
