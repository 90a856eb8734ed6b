import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { endpointPath } from "./path.js";

export const removeWebhookEndpointOperation = operation({
  id: "removeWebhookEndpoint",
  tag: "Webhooks",
  method: "delete",
  path: "/v1/webhook-endpoints/{id}",
  audience: { operator: "admin" },
  summary: "Delete a webhook endpoint",
  description: "Its secrets are forgotten, and what is on its way there ends as `DEAD`.",
  params: endpointPath,
  responses: { 204: { description: "Deleted." } },
  async handle({ context, caller, params }) {
    const { store, clock } = context;
    const removed = await store.webhookEndpoints.remove(caller.projectId, params.id, clock.now());
    assertFound(removed || undefined, "a webhook endpoint");
    return { status: 204 };
  },
});
