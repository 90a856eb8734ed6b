import type { WireWebhookEndpoint } from "@holdpoint/protocol";
import type { WebhookEndpoint } from "../../store/verbs/webhooks.js";
import { optionalTime, wireTime } from "../time.js";

/** An endpoint as it travels, without secrets that sign no more. */
export function toWireEndpoint(endpoint: WebhookEndpoint, now: number): WireWebhookEndpoint {
  const { description, eventTypes, secrets } = endpoint;
  return {
    id: endpoint.id,
    url: endpoint.url,
    ...(description !== undefined && { description }),
    ...(eventTypes !== undefined && { event_types: eventTypes }),
    enabled: endpoint.enabled,
    created_at: wireTime(endpoint.createdAt),
    secrets: secrets
      .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
      .map(({ hint, expiresAt }) => ({ hint, ...optionalTime("expires_at", expiresAt) })),
  };
}
