import { getRequestSchema, requestSchema } from "@holdpoint/protocol/schemas";
import { onDisconnect } from "../../http/disconnect.js";
import { operation } from "../../http/operation.js";
import { reauthorize } from "../../http/reauthorize.js";
import { loadRequest } from "../../pipeline/load.js";
import { waitForRequest } from "../../pipeline/wait.js";
import { requestPath } from "./path.js";
import { toWireRequest } from "./wire.js";

export const getRequestOperation = operation({
  id: "getRequest",
  tag: "Requests",
  method: "get",
  path: "/v1/requests/{id}",
  audience: { agent: "requests:read", operator: "member" },
  summary: "Read a request, or wait for its decision",
  description:
    "With `wait_ms` the answer is held until the request leaves `PENDING` or the time has passed, whichever is first. Ask again to go on waiting.",
  params: requestPath,
  query: getRequestSchema,
  responses: { 200: { description: "The request as it stands.", schema: requestSchema } },
  async handle({ context, caller, params, query, http }) {
    const { wait_ms: waitMs = 0 } = query;
    if (waitMs === 0) {
      const request = await loadRequest(context, caller, params.id);
      return { status: 200, body: toWireRequest(request, context.publicUrl()) };
    }
    const epoch = context.credentialEpoch.value;
    const request = await waitForRequest(context, caller, params.id, waitMs, onDisconnect(http));
    await reauthorize(context, getRequestOperation, http, epoch);
    return { status: 200, body: toWireRequest(request, context.publicUrl()) };
  },
});
