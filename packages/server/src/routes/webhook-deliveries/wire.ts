import type { WireWebhookDelivery } from "@holdpoint/protocol";
import type { WebhookDelivery } from "../../store/verbs/webhooks.js";
import { optionalTime, wireTime } from "../time.js";

/** A delivery as it travels. */
export function toWireDelivery(delivery: WebhookDelivery): WireWebhookDelivery {
  const { requestId, lastStatus, lastError } = delivery;
  return {
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    type: delivery.type,
    ...(requestId !== undefined && { request_id: requestId }),
    status: delivery.status,
    attempts: delivery.attempts,
    created_at: wireTime(delivery.createdAt),
    ...optionalTime("next_attempt_at", delivery.nextAttemptAt),
    ...optionalTime("delivered_at", delivery.deliveredAt),
    ...(lastStatus !== undefined && { last_status: lastStatus }),
    ...(lastError !== undefined && { last_error: lastError }),
    ...optionalTime("last_attempt_at", delivery.lastAttemptAt),
  };
}
