import { ask, notSet, type PolicyRule, pass, type RuleInput } from "./rule.js";

export const judgeAutoApprove: PolicyRule = ({ purchase, amountText, policy }) => {
  const { autoApproveMax, source } = policy;
  const { auto_approve } = source;
  if (auto_approve?.enabled !== true) {
    return ask("The policy approves nothing by itself: a person decides.");
  }
  const { amountMinor, category, currency } = purchase;
  if (auto_approve.categories?.includes(category) === false) {
    return ask(`${category} is no category that needs nobody: a person decides.`);
  }
  if (autoApproveMax === undefined) return pass("Any amount within the limits needs nobody.");
  if (currency === policy.currency && amountMinor <= autoApproveMax.minor) {
    return pass(`${amountText} of ${autoApproveMax.text} that need nobody`);
  }
  return ask(`${amountText} of ${autoApproveMax.text} that need nobody: a person decides.`);
};

export const judgeThreshold: PolicyRule = (input) => {
  const { amountText, policy } = input;
  const { threshold } = policy;
  const rule = policy.source.approval_threshold;
  if (threshold === undefined || rule === undefined) return notSet("approval threshold");
  if (!isAboveThreshold(input)) {
    return pass(`${amountText} is not above ${threshold.text}`);
  }
  const who = rule.role === undefined ? "by an approver" : `by the role ${rule.role}`;
  const approvals = rule.quorum === undefined || rule.quorum === 1 ? "approval" : "approvals";
  return ask(`${amountText} is above ${threshold.text}: ${rule.quorum ?? 1} ${approvals} ${who}`);
};

/** Of another currency nobody can say, so that it is. */
export function isAboveThreshold({
  purchase,
  policy,
}: Pick<RuleInput, "purchase" | "policy">): boolean {
  if (policy.threshold === undefined) return false;
  return purchase.currency !== policy.currency || purchase.amountMinor > policy.threshold.minor;
}
