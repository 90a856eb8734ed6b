import { policyTrialSchema, tryPolicySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { tryPolicy } from "../../pipeline/policy/try.js";

export const tryPolicyOperation = operation({
  id: "tryPolicy",
  tag: "Policy",
  method: "post",
  path: "/v1/policies/try",
  audience: { operator: "member" },
  summary: "Try a policy",
  description:
    "What a text would say of past requests, purchases and calls, and which of them it would decide otherwise than the one in force; nothing is changed. Scopes are those that the agent's API keys have now, and what an agent had called that day is left out.",
  body: tryPolicySchema,
  example: { text: "permit (principal, action, resource);", limit: 100 },
  responses: { 200: { description: "What would change.", schema: policyTrialSchema } },
  async handle({ context, caller, body }) {
    return { status: 200, body: await tryPolicy(context, caller, body) };
  },
});
