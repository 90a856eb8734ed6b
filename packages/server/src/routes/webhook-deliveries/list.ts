import { LIMITS } from "@holdpoint/protocol";
import {
  listSchema,
  listWebhookDeliveriesSchema,
  webhookDeliverySchema,
} from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireDelivery } from "./wire.js";

export const listWebhookDeliveriesOperation = operation({
  id: "listWebhookDeliveries",
  tag: "Webhooks",
  method: "get",
  path: "/v1/webhook-deliveries",
  audience: { operator: "member" },
  summary: "List webhook deliveries",
  description: "Newest first.",
  query: listWebhookDeliveriesSchema,
  responses: {
    200: { description: "A page of deliveries.", schema: listSchema(webhookDeliverySchema) },
  },
  async handle({ context, caller, query }) {
    const { endpoint_id, status, limit, cursor } = query;
    const page = await context.store.webhookDeliveries.list(caller.projectId, {
      ...(endpoint_id !== undefined && { endpointId: endpoint_id }),
      ...(status !== undefined && { status }),
      limit: limit ?? LIMITS.pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    return {
      status: 200,
      body: { data: page.items.map(toWireDelivery), next_cursor: page.nextCursor },
    };
  },
});
