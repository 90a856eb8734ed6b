import { spendPolicyTrialSchema, trySpendPolicySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { tryPolicy } from "../../pipeline/limits/try-policy.js";

export const trySpendPolicyOperation = operation({
  id: "trySpendPolicy",
  tag: "Spend",
  method: "post",
  path: "/v1/spend-policies/try",
  audience: { operator: "member" },
  summary: "Try a spend policy",
  description:
    "What a policy would have made of the purchases of the last days, beside the other policies in force; nothing is changed. It looks at the newest 10,000 and names the newest 100 that would have ended otherwise.",
  body: trySpendPolicySchema,
  example: { policy: { currency: "EUR", daily_limit: "100.00" }, days: 30 },
  responses: { 200: { description: "What would change.", schema: spendPolicyTrialSchema } },
  async handle({ context, caller, body }) {
    return { status: 200, body: await tryPolicy(context, caller, body) };
  },
});
