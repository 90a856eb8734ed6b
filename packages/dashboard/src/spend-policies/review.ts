import { formatPointer, type ValidationIssue } from "@holdpoint/protocol";
import { spendPolicySchema } from "@holdpoint/protocol/schemas";
import {
  type SpendPolicy,
  summarizeSpendPolicy,
  validateSpendPolicy,
} from "@holdpoint/protocol/spend";

/** What can be said of a draft before the server sees it, by the server's own rules. */
export interface DraftReview {
  /** Why it cannot be armed; empty when it can. */
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly string[];
  /** What it means, a sentence each; empty while there are issues. */
  readonly summary: readonly string[];
}

export function reviewDraft(draft: SpendPolicy): DraftReview {
  const parsed = spendPolicySchema.safeParse(draft);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: formatPointer(path.filter((key) => typeof key !== "symbol")),
      message,
    }));
    return { issues, warnings: [], summary: [] };
  }
  const { issues, warnings } = validateSpendPolicy(draft);
  return { issues, warnings, summary: issues.length === 0 ? summarizeSpendPolicy(draft) : [] };
}
