import type { ShieldEffect } from "@holdpoint/protocol";
import type { PurchaseJudgement } from "@holdpoint/protocol/spend";
import type { NewPurchase } from "./purchase.js";

/**
 * A purchase whose verdict of the shield says what it has changed, by what has come of what binds the
 * money: the shield warns of what a person decides anyway, and adds nothing to a refusal.
 */
export function withEffect(
  purchase: NewPurchase,
  bound: PurchaseJudgement["outcome"],
): NewPurchase {
  const { shield, step } = purchase.request;
  if (shield === undefined) return purchase;
  const settled = { ...shield, effect: effectUnder(shield.effect, bound) };
  const kept = { shield: settled, ...(step && { step: { ...step, verdict: settled } }) };
  return { ...purchase, request: { ...purchase.request, ...kept } };
}

function effectUnder(effect: ShieldEffect, bound: PurchaseJudgement["outcome"]): ShieldEffect {
  switch (bound) {
    case "auto_approved":
      return effect;
    case "pending":
      return effect === "held" ? "warned" : effect;
    case "rejected":
      return "none";
  }
}
