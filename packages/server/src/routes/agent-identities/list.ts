import {
  agentIdentitySchema,
  listAgentIdentitiesSchema,
  listSchema,
} from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireIdentity } from "./wire.js";

export const listAgentIdentitiesOperation = operation({
  id: "listAgentIdentities",
  tag: "Gate",
  method: "get",
  path: "/v1/agent-identities",
  audience: { operator: "member" },
  summary: "List agents' own keys",
  description: "Newest first.",
  query: listAgentIdentitiesSchema,
  responses: { 200: { description: "The keys.", schema: listSchema(agentIdentitySchema) } },
  async handle({ context, caller, query }) {
    const identities = await context.store.agentIdentities.list(caller.projectId, query.agent_id);
    return { status: 200, body: { data: identities.map(toWireIdentity), next_cursor: null } };
  },
});
