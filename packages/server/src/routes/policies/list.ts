import { LIMITS } from "@holdpoint/protocol";
import { listPoliciesSchema, listSchema, policySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWirePolicy } from "./wire.js";

export const listPoliciesOperation = operation({
  id: "listPolicies",
  tag: "Policy",
  method: "get",
  path: "/v1/policies",
  audience: { operator: "member" },
  summary: "List the revisions of the policy",
  description: "Newest first: the first is the one in force. None: there never was a policy.",
  query: listPoliciesSchema,
  responses: { 200: { description: "Revisions.", schema: listSchema(policySchema) } },
  async handle({ context, caller, query: { limit = LIMITS.pageSize, cursor } }) {
    const { items, nextCursor } = await context.store.policies.list(caller.projectId, {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { status: 200, body: { data: items.map(toWirePolicy), next_cursor: nextCursor } };
  },
});
