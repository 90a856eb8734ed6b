import { executionSchema, reconcileSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { reconcileExecution } from "../../pipeline/executions/reconcile.js";
import { executionPath } from "./path.js";
import { toWireExecution } from "./wire.js";

export const reconcileExecutionOperation = operation({
  id: "reconcileExecution",
  tag: "Executions",
  method: "post",
  path: "/v1/executions/{id}/reconcile",
  audience: { agent: "requests:write", operator: "member" },
  summary: "Settle an unknown outcome",
  description:
    "For an execution that is `OUTCOME_UNKNOWN`: say what turned out to be true, and what shows it. An operator needs the role that decides the request. Sending the same again is safe.",
  params: executionPath,
  body: reconcileSchema,
  example: { outcome: "committed", evidence: { provider_record: "ch_8841" } },
  responses: { 200: { description: "The settled execution.", schema: executionSchema } },
  async handle({ context, caller, params, body }) {
    const execution = await reconcileExecution(context, caller, params.id, body);
    return { status: 200, body: toWireExecution(execution) };
  },
});
