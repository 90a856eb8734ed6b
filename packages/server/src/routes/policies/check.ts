import { checkPolicySchema, policyCheckSchema } from "@holdpoint/protocol/schemas";
import { checkPolicy } from "../../domain/policy/check.js";
import { operation } from "../../http/operation.js";

export const checkPolicyOperation = operation({
  id: "checkPolicy",
  tag: "Policy",
  method: "post",
  path: "/v1/policies/check",
  audience: { operator: "member" },
  summary: "Check a policy",
  description:
    "Whether a text could be put in force, its statements, and all that is against it, with lines and columns. A text that is wrong is answered, not refused.",
  body: checkPolicySchema,
  example: { text: "permit (principal, action, resource);" },
  responses: { 200: { description: "What is to be said of it.", schema: policyCheckSchema } },
  handle({ body: { text } }) {
    return { status: 200, body: checkPolicy(text) };
  },
});
