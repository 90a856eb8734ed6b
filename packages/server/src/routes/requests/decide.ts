import { decisionSchema, requestSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { decideRequest } from "../../pipeline/decide.js";
import { requestPath } from "./path.js";
import { toWireRequest } from "./wire.js";

export const decideRequestOperation = operation({
  id: "decideRequest",
  tag: "Requests",
  method: "post",
  path: "/v1/requests/{id}/decision",
  audience: { operator: "member" },
  summary: "Decide a request",
  description:
    "Operators only: an approver, the role the request is routed to, or an admin. Name the revision you have read; whoever comes second is told who was first. Leave `patched_payload` out to approve unchanged. Where the request has a `quorum`, each approval counts once per operator and the last one approves; nobody may edit; one rejection is enough.",
  params: requestPath,
  body: decisionSchema,
  example: { decision: "approve", revision: 1, reason: "Checked with the customer." },
  responses: { 200: { description: "The request as it now stands.", schema: requestSchema } },
  async handle({ context, caller, params, body }) {
    const request = await decideRequest(context, caller, params.id, body);
    return { status: 200, body: toWireRequest(request, context.publicUrl()) };
  },
});
