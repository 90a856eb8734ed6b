import { executionSchema, failSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { failExecution } from "../../pipeline/executions/settle.js";
import { executionPath } from "./path.js";
import { toWireExecution } from "./wire.js";

export const failExecutionOperation = operation({
  id: "failExecution",
  tag: "Executions",
  method: "post",
  path: "/v1/executions/{id}/fail",
  audience: { agent: "requests:write" },
  summary: "Record that the action has failed",
  description: "It is not run again under this grant. Sending the same failure again is safe.",
  params: executionPath,
  body: failSchema,
  example: { fencing_token: 1, error: { message: "The table is gone." } },
  responses: { 200: { description: "The failed execution.", schema: executionSchema } },
  async handle({ context, caller, params, body }) {
    const execution = await failExecution(context, caller, params.id, body);
    return { status: 200, body: toWireExecution(execution) };
  },
});
