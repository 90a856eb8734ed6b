import { formatAmount } from "../amount.js";
import type { ScopeState } from "../policy.js";
import { fail, type JudgedPurchase, notSet, pass, type Verdict } from "./rule.js";

export function judgeBudget(
  { purchase, amountText }: JudgedPurchase,
  { budget }: ScopeState,
): Verdict {
  if (budget === undefined) return notSet("budget");
  const { amountMinor, currency } = purchase;
  const available = budget.allocatedMinor - budget.heldMinor - budget.spentMinor;
  const text = (minor: bigint) => formatAmount(minor, currency);
  const detail = `${amountText} of ${text(available)} ${currency} left (${text(budget.allocatedMinor)} less ${text(budget.heldMinor)} held and ${text(budget.spentMinor)} spent)`;
  return amountMinor <= available ? pass(detail) : fail(detail);
}
