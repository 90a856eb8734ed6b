import { fail, type PolicyRule, pass } from "./rule.js";

export const judgeCurrency: PolicyRule = ({ purchase, policy }) =>
  purchase.currency === policy.currency
    ? pass(`${policy.currency}, as the policy counts.`)
    : fail(`The policy counts in ${policy.currency}, the purchase is in ${purchase.currency}.`);
