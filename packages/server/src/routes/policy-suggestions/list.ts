import { listSchema, policySuggestionSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { suggestPolicies } from "../../pipeline/shield/suggestions.js";
import { toWirePolicySuggestion } from "./wire.js";

export const listPolicySuggestionsOperation = operation({
  id: "listPolicySuggestions",
  tag: "Policy",
  method: "get",
  path: "/v1/policy-suggestions",
  audience: { operator: "member" },
  summary: "List suggestions for the policy",
  description:
    "What people have approved as it was asked at least 20 times in the last 30 days, and never otherwise, by agent, service, action and environment: each with a statement that would let it through, and with what the policy in force would say of past requests with that statement behind it. The most approved first, 20 at most, of the newest 2,000 decided requests. Nothing applies one: an admin reads it, and sets the text with `PUT /v1/policies`.",
  responses: { 200: { description: "Suggestions.", schema: listSchema(policySuggestionSchema) } },
  async handle({ context, caller }) {
    const suggestions = await suggestPolicies(context, caller.projectId);
    const data = suggestions.map(toWirePolicySuggestion);
    return { status: 200, body: { data, next_cursor: null } };
  },
});
