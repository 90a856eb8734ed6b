import { createRequestSchema, requestSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createRequest } from "../../pipeline/create.js";
import { toWireRequest } from "./wire.js";

export const createRequestOperation = operation({
  id: "createRequest",
  tag: "Requests",
  method: "post",
  path: "/v1/requests",
  audience: { agent: "requests:write" },
  summary: "Ask for a decision",
  description:
    "Makes a request and holds it for a person. The client makes the id, so sending the same body again is safe: it answers 200 with the request as it stands.",
  body: createRequestSchema,
  example: {
    id: "req_01h455vb4pex5vsknk084sn02q",
    service: "db-agent",
    action: "run_sql",
    payload: { sql: "DROP TABLE customers" },
    priority: "critical",
  },
  idempotent: true,
  responses: {
    201: { description: "The new request.", schema: requestSchema },
    200: { description: "Made before, by the same call.", schema: requestSchema },
  },
  async handle({ context, caller, body }) {
    const { request, isNew } = await createRequest(context, caller, body);
    return { status: isNew ? 201 : 200, body: toWireRequest(request, context.publicUrl()) };
  },
});
