import { isJsonObject, type JsonValue, type ValidationIssue } from "@holdpoint/protocol";
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

/** Why an edit of a purchase's payload asks for more than the agent did; none where it does not. */
export function findRaise(asked: JsonValue, edited: JsonValue): readonly ValidationIssue[] {
  if (!isJsonObject(asked) || !isJsonObject(edited)) return [];
  const currency = String(asked.currency);
  const before = readMinor(asked.amount, currency);
  const after = readMinor(edited.amount, currency);
  if (before === undefined || after === undefined || (after > 0 && after <= before)) return [];
  const message = `Expected more than 0 and at most ${asked.amount} ${currency}, as asked for.`;
  return [{ path: "/amount", message }];
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
