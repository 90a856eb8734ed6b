import { LIMITS } from "@holdpoint/protocol";
import {
  createWebhookEndpointSchema,
  secretWebhookEndpointSchema,
} from "@holdpoint/protocol/schemas";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import { acceptWebhookUrl } from "../../webhooks/accept.js";
import { newWebhookSecret } from "../../webhooks/secret.js";
import { toWireEndpoint } from "./wire.js";

export const createWebhookEndpointOperation = operation({
  id: "createWebhookEndpoint",
  tag: "Webhooks",
  method: "post",
  path: "/v1/webhook-endpoints",
  audience: { operator: "admin" },
  summary: "Make a webhook endpoint",
  description:
    "Events are posted to its URL, signed as Standard Webhooks. `secret` is shown in this answer and never again.",
  body: createWebhookEndpointSchema,
  example: { url: "https://example.com/holdpoint", event_types: ["request.approved"] },
  idempotent: true,
  responses: {
    201: { description: "The endpoint with its secret.", schema: secretWebhookEndpointSchema },
  },
  async handle({ context, caller, body, mint }) {
    const secret = newWebhookSecret(mint.secret("webhook"));
    const endpoint = await context.store.webhookEndpoints.create(
      {
        id: mint.id("whk"),
        projectId: caller.projectId,
        url: acceptWebhookUrl(context, body.url),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.event_types !== undefined && { eventTypes: [...new Set(body.event_types)] }),
        enabled: body.enabled ?? true,
        createdAt: mint.now,
      },
      secret,
      LIMITS.webhookEndpoints,
    );
    if (endpoint === "full") throw tooMany();
    return { status: 201, body: { ...toWireEndpoint(endpoint, mint.now), secret: secret.text } };
  },
});

function tooMany(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: `Expected at most ${LIMITS.webhookEndpoints} webhook endpoints in a project. Delete one that is not needed.`,
  });
}
