import { secretWebhookEndpointSchema } from "@holdpoint/protocol/schemas";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { newWebhookSecret, SECRET_OVERLAP_MS } from "../../webhooks/secret.js";
import { endpointPath } from "./path.js";
import { toWireEndpoint } from "./wire.js";

export const rotateWebhookSecretOperation = operation({
  id: "rotateWebhookSecret",
  tag: "Webhooks",
  method: "post",
  path: "/v1/webhook-endpoints/{id}/rotate-secret",
  audience: { operator: "admin" },
  summary: "Give a webhook endpoint a new secret",
  description:
    "For 24 hours both secrets sign; one older still signs no more. `secret` is shown in this answer and never again.",
  params: endpointPath,
  idempotent: true,
  responses: {
    200: { description: "The endpoint with its new secret.", schema: secretWebhookEndpointSchema },
  },
  async handle({ context, caller, params, mint }) {
    const { now: at } = mint;
    const secret = newWebhookSecret(mint.secret("webhook"));
    const endpoint = await context.store.webhookEndpoints.rotateSecret(
      caller.projectId,
      params.id,
      secret,
      { at, previousExpiresAt: at + SECRET_OVERLAP_MS },
    );
    const found = assertFound(endpoint, "a webhook endpoint");
    return { status: 200, body: { ...toWireEndpoint(found, at), secret: secret.text } };
  },
});
