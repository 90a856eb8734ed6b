import { executionSchema, renewSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { renewExecution } from "../../pipeline/executions/settle.js";
import { executionPath } from "./path.js";
import { toWireExecution } from "./wire.js";

export const renewExecutionOperation = operation({
  id: "renewExecution",
  tag: "Executions",
  method: "post",
  path: "/v1/executions/{id}/renew",
  audience: { agent: "requests:write" },
  summary: "Keep the lease of a running execution",
  description:
    "The lease starts anew from now. A lease that nobody renews ends in `OUTCOME_UNKNOWN`.",
  params: executionPath,
  body: renewSchema,
  example: { fencing_token: 1, lease_ms: 60_000 },
  responses: { 200: { description: "Still yours.", schema: executionSchema } },
  async handle({ context, caller, params, body }) {
    const execution = await renewExecution(context, caller, params.id, body);
    return { status: 200, body: toWireExecution(execution) };
  },
});
