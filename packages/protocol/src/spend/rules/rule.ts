import type { CompiledPolicy } from "../compile.js";
import type { PurchaseFacts, SpendCheck, SpendUsage } from "../policy.js";

/** What a rule says, apart from which rule and whose. */
export type Verdict = Pick<SpendCheck, "result" | "detail">;

/** What is judged, with its amount as people read it: `40.00`. */
export interface JudgedPurchase {
  readonly purchase: PurchaseFacts;
  readonly amountText: string;
}

export interface RuleInput extends JudgedPurchase {
  readonly policy: CompiledPolicy;
  readonly usage: SpendUsage;
  readonly instantMs: number;
}

/** A rule of a policy. */
export type PolicyRule = (input: RuleInput) => Verdict;

export const pass = (detail: string): Verdict => ({ result: "pass", detail });
export const fail = (detail: string): Verdict => ({ result: "fail", detail });
export const ask = (detail: string): Verdict => ({ result: "ask", detail });
export const notSet = (what: string): Verdict => pass(`No ${what} is set.`);
