import {
  ApprovalRequiredError,
  ConflictError,
  cancelRequest,
  LIMITS,
  NotPaidError,
  PaymentChallengeError,
} from "../../core.js";
import { confirmPurchase } from "../confirm.js";
import type { DraftPurchaseOptions } from "../draft.js";
import { makePurchase } from "../make.js";
import type { Purchase } from "../purchase.js";
import { fetchPurchase, waitForPurchase } from "../read.js";
import type { Offer } from "./challenge.js";
import type { Payer } from "./payer.js";

/** The purchase that a payment is: under the same policies, budgets and people as any other. */
export function describePurchase(
  { options }: Payer,
  { facts, amount, currency, url }: Offer,
  id: string,
  method: string,
): DraftPurchaseOptions & { readonly id: string } {
  const { category, comment, metadata, environment, runId, parentRequestId } = options;
  return {
    id,
    amount,
    currency,
    category,
    merchantName: new URL(url).host,
    payee: facts.pay_to,
    description: `${method} ${url}`.slice(0, LIMITS.purchaseTextLength),
    x402: facts,
    ...(comment !== undefined && { comment }),
    ...(metadata !== undefined && { metadata }),
    ...(environment !== undefined && { environment }),
    ...(runId !== undefined && { runId }),
    ...(parentRequestId !== undefined && { parentRequestId }),
  };
}

/**
 * Makes the purchase, or finds it under its key.
 *
 * @throws {PaymentChallengeError} `PAYMENT_CHALLENGE_CHANGED`: it was made for another challenge.
 */
export async function reserve(
  { parts }: Payer,
  purchase: DraftPurchaseOptions & { readonly id: string },
  signal: AbortSignal,
): Promise<Purchase> {
  try {
    return await makePurchase(parts, purchase, signal);
  } catch (error) {
    if (!(error instanceof ConflictError) || error.code !== "REQUEST_ID_CONFLICT") throw error;
    const { x402 } = await fetchPurchase(parts, purchase.id, signal);
    if (x402 === undefined || x402.digest === purchase.x402?.digest) throw error;
    throw challengeChanged(purchase.id, error);
  }
}

/** Waits for a person, where one is needed and may be waited for. */
export async function awaitPerson(
  { parts, options }: Payer,
  purchase: Purchase,
  signal: AbortSignal,
): Promise<Purchase> {
  const { requestId, url } = purchase;
  options.onPending?.(purchase);
  if (options.wait === false) {
    throw new ApprovalRequiredError({
      code: "APPROVAL_REQUIRED",
      message: `Expected ${requestId} to be approved, and nobody has decided yet. Nothing was signed. Make the call again, under the same key, once it has its answer.`,
      requestId,
      url,
    });
  }
  const { timeoutMs } = options;
  return waitForPurchase(parts, requestId, {
    signal,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

/** The signature is for the whole amount, and the seller takes no less. */
export function requireWhole({ amount, approvedAmount }: Purchase): void {
  if (approvedAmount === amount) return;
  throw new NotPaidError({
    message:
      "Expected the whole amount to be approved, got less, and the seller takes no less. Nothing was signed.",
  });
}

/** Gives back what nobody will come for: nothing of it was signed. */
export async function letGo({ parts }: Payer, requestId: string): Promise<void> {
  await cancelRequest(parts.transport, requestId)
    .catch(() => confirmPurchase(parts, requestId, { success: false }, undefined))
    // Else its own expiry gives it back.
    .catch(() => {});
}

export function challengeChanged(requestId: string, cause?: unknown): PaymentChallengeError {
  return new PaymentChallengeError({
    code: "PAYMENT_CHALLENGE_CHANGED",
    message: `Expected the seller to ask for what ${requestId} is for, and it asks for something else now. Nothing was signed. Make the call under another key, or without one.`,
    requestId,
    cause,
  });
}
