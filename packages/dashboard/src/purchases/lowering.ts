import { isJsonObject } from "@holdpoint/protocol";
import {
  AmountError,
  parseAmount,
  type WireMoney,
  type WirePurchase,
} from "@holdpoint/protocol/spend";
import type { ApprovalPlan } from "../requests/draft.js";

/** What a lowered amount would leave in the budget; `undefined` where the edit lowers nothing. */
export function afterLowering(
  purchase: WirePurchase,
  plan: ApprovalPlan | undefined,
): { readonly amount: WireMoney; readonly left: WireMoney | null } | undefined {
  const { amount, budget_remaining: left } = purchase;
  if (plan?.kind !== "edited" || !isJsonObject(plan.patch)) return undefined;
  const minor = readMinor(plan.patch.amount, amount.currency);
  if (minor === undefined || minor >= amount.amount_minor) return undefined;
  const given = amount.amount_minor - minor;
  return {
    amount: { ...amount, amount_minor: minor },
    left: left && { ...left, amount_minor: left.amount_minor + given },
  };
}

function readMinor(text: unknown, currency: string): number | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return Number(parseAmount(text, currency));
  } catch (error) {
    if (error instanceof AmountError) return undefined;
    throw error;
  }
}
