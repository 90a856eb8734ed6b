import { formatAmount } from "../amount.js";
import type { Limit } from "../compile.js";
import type { SpendUsage } from "../policy.js";
import { fail, notSet, type PolicyRule, pass, type RuleInput, type Verdict } from "./rule.js";

export const judgePerRequest: PolicyRule = (input) => {
  const { purchase, amountText, policy } = input;
  const { perRequest } = policy;
  if (perRequest === undefined) return notSet("limit for one purchase");
  const detail = `${amountText} of ${perRequest.text} for one purchase`;
  return compare(input, purchase.amountMinor, perRequest, detail);
};

export const judgeDaily: PolicyRule = (input) => {
  const { dailyLimit, isOverridden, weekday } = input.policy.dayAt(input.instantMs);
  const when = isOverridden ? `today (limit for ${weekday})` : "today";
  return judgeUsed(input, dailyLimit, "dayMinor", { name: "daily limit", when });
};

export const judgeWeekly: PolicyRule = (input) =>
  judgeUsed(input, input.policy.weekly, "weekMinor", { name: "weekly limit", when: "this week" });

export const judgeMonthly: PolicyRule = (input) =>
  judgeUsed(input, input.policy.monthly, "monthMinor", {
    name: "monthly limit",
    when: "this month",
  });

export const judgeTotal: PolicyRule = (input) =>
  judgeUsed(input, input.policy.total, "totalMinor", { name: "total limit", when: "in all" });

function judgeUsed(
  input: RuleInput,
  limit: Limit | undefined,
  counter: Exclude<keyof SpendUsage, "lastMinute" | "lastHour">,
  words: { readonly name: string; readonly when: string },
): Verdict {
  if (limit === undefined) return notSet(words.name);
  const { purchase, amountText, policy, usage } = input;
  // Usage is never below 0; were it, that would be no room to spend.
  const used = usage[counter] < 0n ? 0n : usage[counter];
  const usedText = formatAmount(used, policy.currency);
  const detail = `${usedText} + ${amountText} of ${limit.text} ${words.when}`;
  return compare(input, used + purchase.amountMinor, limit, detail);
}

function compare(input: RuleInput, minor: bigint, limit: Limit, detail: string): Verdict {
  const { purchase, amountText, policy } = input;
  // Amounts of two currencies say nothing about each other.
  if (purchase.currency !== policy.currency) {
    return fail(`${amountText} ${purchase.currency} does not compare with ${limit.text}.`);
  }
  return minor <= limit.minor ? pass(detail) : fail(detail);
}
