import { requestSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { cancelRequest } from "../../pipeline/cancel.js";
import { requestPath } from "./path.js";
import { toWireRequest } from "./wire.js";

export const cancelRequestOperation = operation({
  id: "cancelRequest",
  tag: "Requests",
  method: "post",
  path: "/v1/requests/{id}/cancel",
  audience: { agent: "requests:write" },
  summary: "Take a request back",
  description: "Cancelling a cancelled request answers it as it stands.",
  params: requestPath,
  responses: { 200: { description: "The cancelled request.", schema: requestSchema } },
  async handle({ context, caller, params }) {
    const request = await cancelRequest(context, caller, params.id);
    return { status: 200, body: toWireRequest(request, context.publicUrl()) };
  },
});
