import { SHIELD_EFFECTS, type ShieldEffect, type WireShieldVerdict } from "@holdpoint/protocol";
import { expect, it } from "vitest";
import type { NewPurchase } from "./purchase.js";
import { withEffect } from "./shielded.js";

function purchaseWith(effect: ShieldEffect): NewPurchase {
  const shield = { effect } as WireShieldVerdict;
  return { request: { shield, step: { verdict: shield } } } as NewPurchase;
}

it.each([
  ["auto_approved", ["none", "warned", "held", "denied"]],
  // A person decides it anyway.
  ["pending", ["none", "warned", "warned", "denied"]],
  // It is refused anyway.
  ["rejected", ["none", "none", "none", "none"]],
] as const)(
  "[P-SHIELD-TIGHTENS] a purchase that money alone would have %s tells of the shield no more than it changed",
  (bound, effects) => {
    const told = SHIELD_EFFECTS.map((effect) => withEffect(purchaseWith(effect), bound).request);
    expect(told.map(({ shield }) => shield?.effect)).toEqual(effects);
    expect(told.map(({ step }) => step?.verdict.effect)).toEqual(effects);
  },
);

it("a purchase that nothing follows stays as it is", () => {
  const purchase = { request: {} } as NewPurchase;
  expect(withEffect(purchase, "pending")).toBe(purchase);
});
