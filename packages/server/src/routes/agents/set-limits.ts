import { agentDetailsSchema, idSchema, setAgentLimitsSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { setAgentLimits } from "../../pipeline/identity/agent-details.js";
import { toWireAgentDetails } from "./wire.js";

export const setAgentLimitsOperation = operation({
  id: "setAgentLimits",
  tag: "Gate",
  method: "put",
  path: "/v1/agents/{id}/limits",
  audience: { operator: "admin" },
  summary: "Set the most an agent may have",
  description:
    "In the place of all limits there were; what is left out is not limited. Those of a day hold from the next call on, scopes from the next lease on.",
  params: z.object({ id: idSchema("agent") }),
  body: setAgentLimitsSchema,
  example: { scopes: ["actions:github-issue"], max_calls_per_day: 100 },
  responses: { 200: { description: "The agent.", schema: agentDetailsSchema } },
  async handle({ context, caller, params, body, mint }) {
    const details = await setAgentLimits(context, caller, params.id, body, mint);
    return { status: 200, body: toWireAgentDetails(details) };
  },
});
