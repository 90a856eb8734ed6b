import {
  actionIdSchema,
  executeActionSchema,
  gateApprovalSchema,
  gateResultSchema,
} from "@holdpoint/protocol/schemas";
import { z } from "zod";
import type { CallerLease } from "../../domain/caller.js";
import { leaseRequired } from "../../domain/identity/problem.js";
import { operation } from "../../http/operation.js";
import { executeAction } from "../../pipeline/gate/execute.js";
import { toWireGateApproval, toWireGateResult } from "../approvals/wire.js";

export const executeActionOperation = operation({
  id: "executeAction",
  tag: "Gate",
  method: "post",
  path: "/v1/actions/{id}/execute",
  audience: { agent: "lease" },
  summary: "Run an action",
  description:
    "Judges the call by the project's policy, which denies what nothing lets through, and runs it with secrets that the agent never sees. 200: it was run; `outcome` says how it ended, and it is on record. 202: a person has to decide first; wait with `GET /v1/approvals/{id}?wait_ms=`, then send the same again, or the id alone. The client makes the id, so sending the same body again runs nothing twice: it answers what is on record, with `replayed`.",
  params: z.object({ id: actionIdSchema }),
  body: executeActionSchema,
  example: {
    id: "req_01h455vb4pex5vsknk084sn02q",
    parameters: { charge: "ch_3MmlLrLkdIwHu7ix0snN0B15", amount: 1250 },
  },
  responses: {
    200: { description: "It was run, now or before.", schema: gateResultSchema },
    202: { description: "A person has to decide first.", schema: gateApprovalSchema },
  },
  async handle({ context, caller, params, body: input }) {
    const { lease } = caller;
    if (lease === undefined) throw leaseRequired();
    const leased = { ...caller, lease } satisfies { readonly lease: CallerLease };
    const answered = await executeAction(context, leased, params.id, input);
    const { call, isReplayed, returnsOutput } = answered;
    const result = toWireGateResult(call, returnsOutput);
    if (result === undefined) {
      const parts = { publicUrl: context.publicUrl(), returnsOutput };
      return { status: 202, body: toWireGateApproval(call, parts) };
    }
    return { status: 200, body: { ...result, ...(isReplayed && { replayed: true }) } };
  },
});
