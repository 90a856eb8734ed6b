import { eventSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadRequest } from "../../pipeline/load.js";
import { toWireEvent } from "../events/wire.js";
import { requestPath } from "./path.js";

export const listRequestEventsOperation = operation({
  id: "listRequestEvents",
  tag: "Requests",
  method: "get",
  path: "/v1/requests/{id}/events",
  audience: { agent: "requests:read", operator: "member" },
  summary: "Read a request's history",
  params: requestPath,
  responses: { 200: { description: "Events, oldest first.", schema: listSchema(eventSchema) } },
  async handle({ context, caller, params }) {
    const request = await loadRequest(context, caller, params.id);
    const events = await context.store.events.listForRequest(caller.projectId, request.id);
    return { status: 200, body: { data: events.map(toWireEvent), next_cursor: null } };
  },
});
