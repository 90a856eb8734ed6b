import { LIMITS } from "@holdpoint/protocol";
import type { createPurchaseSchema } from "@holdpoint/protocol/schemas";
import type { WirePurchaseDetails } from "@holdpoint/protocol/spend";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { ProblemError } from "../../domain/problem.js";
import { payloadOf, schemaOf } from "../../domain/spend/payload.js";
import { pendingExceeded, purchaseIdConflict } from "../../domain/spend/problem.js";
import type { NewPurchase, Purchase, PurchaseTerms } from "../../domain/spend/purchase.js";
import { judgePurchase } from "../policy/purchase.js";
import { assertDetails, purchaseOf } from "./intake.js";
import { loadPurchase, sweepSpend } from "./load.js";

type CreatePurchaseInput = z.output<typeof createPurchaseSchema>;

/**
 * Takes in what an agent would buy: judges it by what binds it, reserves its money, and lets it
 * through, refuses it, or holds it for a person.
 *
 * @throws {ProblemError} `ENVELOPE_INVALID`, `VALIDATION_FAILED`, `PAYLOAD_TOO_LARGE`,
 *   `REQUEST_ID_CONFLICT`, `PENDING_PURCHASES_EXCEEDED`, `BUDGET_EXHAUSTED` beyond what numbers hold.
 */
export async function createPurchase(
  context: Context,
  caller: AgentCaller,
  input: CreatePurchaseInput,
): Promise<{ readonly purchase: Purchase; readonly isNew: boolean }> {
  validate(caller, input);
  const identified = identify(context, caller, input);
  // Before it is measured: what is refused leaves nothing with the shield.
  const holder = await context.store.requests.takenBy(identified.request);
  if (holder === "another") throw purchaseIdConflict();
  const purchase = await judgePurchase(context, caller, identified, input);
  // Money whose time is over is there for this purchase.
  await sweepSpend(context);
  const result = await context.store.purchases.create(purchase);
  if (!("purchase" in result)) {
    throw result.outcome === "conflict"
      ? purchaseIdConflict()
      : pendingExceeded(LIMITS.pendingPurchases);
  }
  if (result.outcome === "replayed") {
    return { purchase: await loadPurchase(context, caller, input.id), isNew: false };
  }
  tell(context, result.purchase);
  return { purchase: result.purchase, isNew: true };
}

/** Refuses what a person could not decide on. */
function validate({ projectId }: AgentCaller, input: CreatePurchaseInput): void {
  const { id, payee, x402 } = input;
  assertDetails({ id, projectId }, input);
  if (x402 !== undefined && payee !== undefined && payee !== x402.pay_to) throw otherPayee();
}

/** Puts what the server knows beside what the agent says. What is not sealed a person may edit. */
function identify(
  { clock }: Context,
  caller: AgentCaller,
  input: CreatePurchaseInput,
): NewPurchase {
  const { id, details = {}, x402 } = input;
  const terms = termsOf(input);
  const plain = details as WirePurchaseDetails;
  return purchaseOf(caller, input, {
    id,
    action: x402 === undefined ? "purchase" : "x402",
    metadata: {},
    terms,
    plain: () => ({ payload: payloadOf(terms, plain), schema: schemaOf(terms, plain) }),
    now: clock.now(),
  });
}

function termsOf({ amount, category, ...input }: CreatePurchaseInput): PurchaseTerms {
  const payee = input.x402?.pay_to ?? input.payee;
  return {
    amountMinor: amount.amount_minor,
    currency: amount.currency,
    category,
    ...(input.merchant_name !== undefined && { merchantName: input.merchant_name }),
    ...(payee !== undefined && { payee }),
    ...(input.x402 !== undefined && { x402: input.x402 }),
  };
}

function tell({ expiry, holds, metrics, wakeups }: Context, purchase: Purchase): void {
  const { request, holdExpiresAt } = purchase;
  if (request.status === "PENDING") expiry.watch(request.expiresAt);
  else metrics.observeResolution(request.status);
  if (holdExpiresAt !== undefined) holds.watch(holdExpiresAt);
  metrics.observePurchase(OUTCOMES[request.status] ?? "pending");
  wakeups.notify(request);
}

const OUTCOMES: Readonly<Record<string, "auto_approved" | "rejected">> = {
  APPROVED: "auto_approved",
  REJECTED: "rejected",
};

function otherPayee(): ProblemError {
  const message = "Expected no other payee than the challenge's pay_to.";
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `/payee: ${message}`,
    issues: [{ path: "/payee", message }],
  });
}
