import type { EvaluatePurchaseInput, PurchaseJudgement } from "./policy.js";

const DEFAULT_EXPIRY_MS = 30 * 60_000;

/** Judges a purchase by what binds it. Pure: the same input always gives the same judgement. */
export function evaluatePurchase({ scopes }: EvaluatePurchaseInput): PurchaseJudgement {
  const checks = scopes.map(
    ({ scope, stopped }) =>
      ({
        rule: "status",
        scope,
        result: stopped ? "fail" : "ask",
        detail: stopped ? "Spending is stopped." : "No policy is set: a person decides.",
      }) as const,
  );
  const outcome = checks.some(({ result }) => result === "fail") ? "rejected" : "pending";
  return { outcome, checks, quorum: 1, expiryMs: DEFAULT_EXPIRY_MS };
}
