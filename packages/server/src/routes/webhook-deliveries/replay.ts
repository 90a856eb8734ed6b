import { idSchema, webhookDeliverySchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { assertEnabled } from "../../webhooks/accept.js";
import { toWireDelivery } from "./wire.js";

export const replayWebhookDeliveryOperation = operation({
  id: "replayWebhookDelivery",
  tag: "Webhooks",
  method: "post",
  path: "/v1/webhook-deliveries/{id}/replay",
  audience: { operator: "admin" },
  summary: "Send a webhook again",
  description:
    "At once, whatever came of it before, with the same `webhook-id`; its attempts are counted anew.",
  params: z.object({ id: idSchema("webhookDelivery") }),
  responses: { 200: { description: "The delivery, due now.", schema: webhookDeliverySchema } },
  async handle({ context, caller, params }) {
    const { store, clock, deliveries } = context;
    const replayed = await store.webhookDeliveries.replay(caller.projectId, params.id, clock.now());
    const delivery = assertFound(assertEnabled(replayed), "a webhook delivery");
    deliveries.wake();
    return { status: 200, body: toWireDelivery(delivery) };
  },
});
