import type { ValidationIssue } from "../problem.js";
import type { SpendPolicy } from "./policy.js";
import { findAmountIssues } from "./validation/amounts.js";
import { findContradictions } from "./validation/contradictions.js";
import { findListIssues, findListWarnings } from "./validation/lists.js";
import { findScheduleIssues, findScheduleWarnings } from "./validation/schedule.js";

export interface SpendPolicyReview {
  /** Why the policy cannot be followed; paths are JSON Pointers into it. Empty: it can be. */
  readonly issues: readonly ValidationIssue[];
  /** What may not be meant, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Checks what a schema cannot see of a policy that satisfies `spendPolicySchema`. A policy without
 * issues is one that `evaluatePurchase` can follow.
 */
export function validateSpendPolicy(policy: SpendPolicy): SpendPolicyReview {
  const amounts = findAmountIssues(policy);
  return {
    issues: [...amounts, ...findScheduleIssues(policy), ...findListIssues(policy)],
    warnings: [
      // Amounts that cannot be told cannot be compared.
      ...(amounts.length === 0 ? findContradictions(policy) : []),
      ...findScheduleWarnings(policy),
      ...findListWarnings(policy),
    ],
  };
}
