import { changeWebhookEndpointSchema, webhookEndpointSchema } from "@holdpoint/protocol/schemas";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { acceptWebhookUrl } from "../../webhooks/accept.js";
import { endpointPath } from "./path.js";
import { toWireEndpoint } from "./wire.js";

export const changeWebhookEndpointOperation = operation({
  id: "changeWebhookEndpoint",
  tag: "Webhooks",
  method: "patch",
  path: "/v1/webhook-endpoints/{id}",
  audience: { operator: "admin" },
  summary: "Change a webhook endpoint",
  description:
    "What is absent stays; `null` takes a description or a choice of types away. While an endpoint is disabled nothing is sent to it and new events pass it by; what was on its way goes on once it is enabled.",
  params: endpointPath,
  body: changeWebhookEndpointSchema,
  example: { enabled: false },
  responses: { 200: { description: "The endpoint.", schema: webhookEndpointSchema } },
  async handle({ context, caller, params, body }) {
    const { store, clock, deliveries } = context;
    const { url, description, event_types, enabled } = body;
    const endpoint = await store.webhookEndpoints.change(caller.projectId, params.id, {
      ...(url !== undefined && { url: acceptWebhookUrl(context, url) }),
      ...(description !== undefined && { description }),
      ...(event_types !== undefined && { eventTypes: event_types && [...new Set(event_types)] }),
      ...(enabled !== undefined && { enabled }),
    });
    const found = assertFound(endpoint, "a webhook endpoint");
    deliveries.wake();
    return { status: 200, body: toWireEndpoint(found, clock.now()) };
  },
});
