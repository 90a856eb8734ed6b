import { agentSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { wireTime } from "../time.js";

export const listAgentsOperation = operation({
  id: "listAgents",
  tag: "People and keys",
  method: "get",
  path: "/v1/agents",
  audience: { operator: "member" },
  summary: "List agents",
  responses: { 200: { description: "The project's agents.", schema: listSchema(agentSchema) } },
  async handle({ context, caller }) {
    const agents = await context.store.agents.list(caller.projectId);
    const data = agents.map(({ id, name, createdAt }) => ({
      id,
      name,
      created_at: wireTime(createdAt),
    }));
    return { status: 200, body: { data, next_cursor: null } };
  },
});
