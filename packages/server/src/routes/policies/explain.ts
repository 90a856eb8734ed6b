import { explainPolicySchema, policyExplanationSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { explainPolicy } from "../../pipeline/policy/explain.js";

export const explainPolicyOperation = operation({
  id: "explainPolicy",
  tag: "Policy",
  method: "post",
  path: "/v1/policies/explain",
  audience: { operator: "member" },
  summary: "Explain the policy by a request",
  description:
    "What the policy in force says of a request, which of its statements say so, and the question as they read it: with it one sees what there is to write a policy about.",
  body: explainPolicySchema,
  example: { request_id: "req_01h455vb4pex5vsknk084sn02q" },
  responses: { 200: { description: "The judgement.", schema: policyExplanationSchema } },
  async handle({ context, caller, body }) {
    return { status: 200, body: await explainPolicy(context, caller, body.request_id) };
  },
});
