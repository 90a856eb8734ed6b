import type { confirmPurchaseSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestOf } from "../../domain/digest.js";
import { purchaseNotFound, wrongCurrency } from "../../domain/spend/problem.js";
import type { Confirmation, Purchase } from "../../domain/spend/purchase.js";
import { loadPurchase } from "./load.js";

type ConfirmPurchaseInput = z.output<typeof confirmPurchaseSchema>;

/**
 * Records whether a purchase was paid, and how much. The same call sent again answers the same, also
 * where the money is no longer held: what was paid is put on record, late.
 *
 * @throws {ProblemError} `PURCHASE_NOT_FOUND`, `VALIDATION_FAILED` for another currency,
 *   `PURCHASE_NOT_APPROVED`, `PURCHASE_SETTLED`, `AMOUNT_ABOVE_APPROVED`, `EXECUTION_CLAIMED`,
 *   `EXECUTION_SETTLED`.
 */
export async function confirmPurchase(
  context: Context,
  caller: AgentCaller,
  purchaseId: string,
  input: ConfirmPurchaseInput,
): Promise<Purchase> {
  const { store, clock, metrics, wakeups } = context;
  const { terms } = await loadPurchase(context, caller, purchaseId);
  const { actual_amount: actual } = input;
  if (actual !== undefined && actual.currency !== terms.currency) {
    throw wrongCurrency(terms.currency, "/actual_amount/currency");
  }
  const confirmation = confirmationOf(caller, input, clock.now());
  const result = await store.purchases.confirm(caller.projectId, purchaseId, confirmation);
  if (result === undefined) throw purchaseNotFound();
  if (result.outcome === "refused") throw result.problem;
  if (result.outcome === "confirmed") {
    metrics.observePurchase(input.success ? "completed" : "failed");
    wakeups.notify(result.purchase.request);
  }
  return result.purchase;
}

function confirmationOf(
  { agent }: AgentCaller,
  input: ConfirmPurchaseInput,
  now: number,
): Confirmation {
  const { success, actual_amount, receipt_url, external_id } = input;
  return {
    success,
    ...(actual_amount !== undefined && { actualAmountMinor: actual_amount.amount_minor }),
    ...(receipt_url !== undefined && { receiptUrl: receipt_url }),
    ...(external_id !== undefined && { externalId: external_id }),
    digest: digestOf(input),
    agent,
    at: now,
  };
}
