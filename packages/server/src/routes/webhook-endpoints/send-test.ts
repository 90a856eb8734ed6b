import { webhookDeliverySchema } from "@holdpoint/protocol/schemas";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { assertEnabled } from "../../webhooks/accept.js";
import { toWireDelivery } from "../webhook-deliveries/wire.js";
import { endpointPath } from "./path.js";

export const testWebhookEndpointOperation = operation({
  id: "testWebhookEndpoint",
  tag: "Webhooks",
  method: "post",
  path: "/v1/webhook-endpoints/{id}/test",
  audience: { operator: "admin" },
  summary: "Send a test to a webhook endpoint",
  description:
    "A `webhook.test` event goes the way of every other; its delivery tells what came of it.",
  params: endpointPath,
  idempotent: true,
  responses: { 201: { description: "The delivery.", schema: webhookDeliverySchema } },
  async handle({ context, caller, params, mint }) {
    const { store, deliveries } = context;
    const { projectId } = caller;
    assertFound(await store.webhookEndpoints.find(projectId, params.id), "a webhook endpoint");
    const delivery = await store.webhookDeliveries.addTest(projectId, params.id, {
      id: mint.id("whd"),
      eventId: mint.id("evt"),
      at: mint.now,
    });
    const added = assertEnabled(delivery ?? "disabled");
    deliveries.wake();
    return { status: 201, body: toWireDelivery(added) };
  },
});
