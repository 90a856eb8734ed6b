import { agentDetailsSchema, idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { loadAgentDetails } from "../../pipeline/identity/agent-details.js";
import { toWireAgentDetails } from "./wire.js";

export const getAgentOperation = operation({
  id: "getAgent",
  tag: "People and keys",
  method: "get",
  path: "/v1/agents/{id}",
  audience: { operator: "member" },
  summary: "Read what an agent may do and has done",
  params: z.object({ id: idSchema("agent") }),
  responses: { 200: { description: "The agent.", schema: agentDetailsSchema } },
  async handle({ context, caller, params }) {
    const details = await loadAgentDetails(context, caller, params.id);
    return { status: 200, body: toWireAgentDetails(details) };
  },
});
