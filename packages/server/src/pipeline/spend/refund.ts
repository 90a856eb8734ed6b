import type { refundPurchaseSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertMayDecide } from "../../domain/roles.js";
import { purchaseNotFound, wrongCurrency } from "../../domain/spend/problem.js";
import type { Purchase } from "../../domain/spend/purchase.js";
import { loadPurchase } from "./load.js";

type RefundPurchaseInput = z.output<typeof refundPurchaseSchema>;

/**
 * Gives back what was paid for a purchase, to the windows it was reserved in. Once per refund id.
 *
 * @throws {ProblemError} `PURCHASE_NOT_FOUND`, `ROLE_REQUIRED` unless an approver or admin,
 *   `VALIDATION_FAILED` for another currency, `REFUND_ABOVE_PAID`, `RESOURCE_CONFLICT`.
 */
export async function refundPurchase(
  context: Context,
  caller: MemberCaller,
  purchaseId: string,
  { id, amount, reason }: RefundPurchaseInput,
): Promise<Purchase> {
  const { terms } = await loadPurchase(context, caller, purchaseId);
  assertMayDecide(caller, undefined);
  if (amount.currency !== terms.currency) {
    throw wrongCurrency(terms.currency, "/amount/currency");
  }
  const result = await context.store.purchases.refund(caller.projectId, purchaseId, {
    id,
    amountMinor: amount.amount_minor,
    ...(reason !== undefined && { reason }),
    operator: { id: caller.operator.id, name: caller.operator.name },
    at: context.clock.now(),
  });
  if (result === undefined) throw purchaseNotFound();
  if (result.outcome === "refused") throw result.problem;
  if (result.outcome === "refunded") context.wakeups.notify(result.purchase.request);
  return result.purchase;
}
