import { agentKeySchema, listAgentKeysSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireAgentKey } from "./wire.js";

export const listAgentKeysOperation = operation({
  id: "listAgentKeys",
  tag: "Escrows",
  method: "get",
  path: "/v1/agent-keys",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List the keys by which agents sign",
  description: "Those of the project's agents, newest first: 1,000 at most.",
  query: listAgentKeysSchema,
  responses: { 200: { description: "The keys.", schema: listSchema(agentKeySchema) } },
  async handle({ context, caller, query }) {
    const keys = await context.store.agentKeys.list(caller.projectId, query.agent_id);
    return { status: 200, body: { data: keys.map(toWireAgentKey), next_cursor: null } };
  },
});
