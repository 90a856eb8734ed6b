import { commitSchema, executionSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { commitExecution } from "../../pipeline/executions/settle.js";
import { executionPath } from "./path.js";
import { toWireExecution } from "./wire.js";

export const commitExecutionOperation = operation({
  id: "commitExecution",
  tag: "Executions",
  method: "post",
  path: "/v1/executions/{id}/commit",
  audience: { agent: "requests:write" },
  summary: "Record that the action has run",
  description:
    "With what it gave, which whoever asks later is told instead of running it. Sending the same commit again is safe.",
  params: executionPath,
  body: commitSchema,
  example: { fencing_token: 1, result: { rows: 12 } },
  responses: { 200: { description: "The committed execution.", schema: executionSchema } },
  async handle({ context, caller, params, body }) {
    const execution = await commitExecution(context, caller, params.id, body);
    return { status: 200, body: toWireExecution(execution) };
  },
});
