import { getRequestSchema, requestSchema } from "@holdpoint/protocol/schemas";
import type { Request } from "../../domain/request.js";
import { operation } from "../../http/operation.js";
import { loadRequest } from "../../pipeline/load.js";
import { RequestWait } from "../../pipeline/wait.js";
import { heldAnswer } from "../held.js";
import { requestPath } from "./path.js";
import { toWireRequest } from "./wire.js";

const audience = { agent: "requests:read", operator: "member" } as const;

export const getRequestOperation = operation({
  id: "getRequest",
  tag: "Requests",
  method: "get",
  path: "/v1/requests/{id}",
  audience,
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
    const wait = new RequestWait(context, caller, params.id, waitMs);
    const request = await wait.begin();
    const toBody = (one: Request) => toWireRequest(one, context.publicUrl());
    if (request === undefined) {
      return heldAnswer({ context, audience, http, epoch, wait, toBody });
    }
    return { status: 200, body: toBody(request) };
  },
});
