import { gateApprovalSchema, getRequestSchema } from "@holdpoint/protocol/schemas";
import type { Context } from "../../context.js";
import type { GateCall } from "../../domain/gate/call.js";
import { operation } from "../../http/operation.js";
import { loadCall } from "../../pipeline/gate/load.js";
import { mayReturnOutput } from "../../pipeline/gate/output.js";
import { ApprovalWait } from "../../pipeline/gate/wait.js";
import { heldAnswer } from "../held.js";
import { approvalPath } from "./path.js";
import { toWireGateApproval } from "./wire.js";

const audience = { agent: "gate" } as const;

export const getApprovalOperation = operation({
  id: "getApproval",
  tag: "Gate",
  method: "get",
  path: "/v1/approvals/{id}",
  audience,
  summary: "Read a call that was held, or wait for its decision",
  description:
    "With `wait_ms` the answer is held until the call is no longer `PENDING` or the time has passed, whichever is first. Ask again to go on waiting. Once it is approved, `POST /v1/actions/{id}/execute` with its id runs what was approved, once.",
  params: approvalPath,
  query: getRequestSchema,
  responses: { 200: { description: "The call as it stands.", schema: gateApprovalSchema } },
  async handle({ context, caller, params, query, http }) {
    const { wait_ms: waitMs = 0 } = query;
    const call = await loadCall(context, caller, params.id);
    const toBody = await createBody(context, call);
    if (waitMs === 0) return { status: 200, body: toBody(call) };
    const epoch = context.credentialEpoch.value;
    const wait = new ApprovalWait(context, caller, params.id, waitMs);
    const decided = await wait.begin();
    if (decided === undefined) {
      return heldAnswer({ context, audience, http, epoch, wait, toBody });
    }
    return { status: 200, body: toBody(decided) };
  },
});

/** What never changes of a call is looked up before the wait. */
async function createBody(context: Context, call: GateCall) {
  const parts = {
    publicUrl: context.publicUrl(),
    returnsOutput: await mayReturnOutput(context, call),
  };
  return (standing: GateCall) => toWireGateApproval(standing, parts);
}
