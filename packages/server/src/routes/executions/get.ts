import { executionSchema, getExecutionSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadExecution } from "../../pipeline/executions/load.js";
import { ExecutionWait } from "../../pipeline/wait.js";
import { heldAnswer } from "../held.js";
import { executionPath } from "./path.js";
import { toWireExecution } from "./wire.js";

const audience = { agent: "requests:read", operator: "member" } as const;

export const getExecutionOperation = operation({
  id: "getExecution",
  tag: "Executions",
  method: "get",
  path: "/v1/executions/{id}",
  audience,
  summary: "Read an execution, or wait for its outcome",
  description:
    "With `wait_ms` the answer is held until the execution is no longer `CLAIMED` or the time has passed, whichever is first. Ask again to go on waiting.",
  params: executionPath,
  query: getExecutionSchema,
  responses: { 200: { description: "The execution as it stands.", schema: executionSchema } },
  async handle({ context, caller, params, query, http }) {
    const { wait_ms: waitMs = 0 } = query;
    const epoch = context.credentialEpoch.value;
    const execution = await loadExecution(context, caller, params.id);
    if (waitMs === 0 || execution.status !== "CLAIMED") {
      return { status: 200, body: toWireExecution(execution) };
    }
    const wait = new ExecutionWait(context, caller, execution, waitMs);
    const ended = await wait.begin();
    if (ended !== undefined) return { status: 200, body: toWireExecution(ended) };
    return heldAnswer({ context, audience, http, epoch, wait, toBody: toWireExecution });
  },
});
