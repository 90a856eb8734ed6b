import { claimSchema, executionSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { claimExecution } from "../../pipeline/executions/claim.js";
import { requestPath } from "../requests/path.js";
import { toWireExecution } from "./wire.js";

export const claimExecutionOperation = operation({
  id: "claimExecution",
  tag: "Executions",
  method: "post",
  path: "/v1/requests/{id}/executions",
  audience: { agent: "requests:write" },
  summary: "Claim the right to run what was approved",
  description:
    "Uses up the grant. Whoever is answered 201 runs the action once, renews while it takes long, and commits or fails. A grant that somebody else has claimed is refused with the execution there is. The client makes the id, so sending the same claim again is safe, without any `Idempotency-Key`: it answers 200 with the execution as it stands, under the id and token to go on with.",
  params: requestPath,
  body: claimSchema,
  example: {
    id: "exe_01h455vb4pex5vsknk084sn02q",
    grant_id: "gnt_01h455vb4pex5vsknk084sn02q",
    approved_digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    lease_ms: 60_000,
  },
  responses: {
    201: { description: "Yours to run.", schema: executionSchema },
    200: { description: "Claimed before, by the same call.", schema: executionSchema },
  },
  async handle({ context, caller, params, body }) {
    const { execution, isNew } = await claimExecution(context, caller, params.id, body);
    return { status: isNew ? 201 : 200, body: toWireExecution(execution) };
  },
});
