import { listSchema, webhookEndpointSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireEndpoint } from "./wire.js";

export const listWebhookEndpointsOperation = operation({
  id: "listWebhookEndpoints",
  tag: "Webhooks",
  method: "get",
  path: "/v1/webhook-endpoints",
  audience: { operator: "member" },
  summary: "List webhook endpoints",
  responses: {
    200: {
      description: "Endpoints without their secrets.",
      schema: listSchema(webhookEndpointSchema),
    },
  },
  async handle({ context, caller }) {
    const { store, clock } = context;
    const endpoints = await store.webhookEndpoints.list(caller.projectId);
    const data = endpoints.map((endpoint) => toWireEndpoint(endpoint, clock.now()));
    return { status: 200, body: { data, next_cursor: null } };
  },
});
