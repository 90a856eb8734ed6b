import type { Dialect } from "../dialects/dialect.js";
import type { WebhookDeliveryRow } from "../schema.js";
import type { WebhookDelivery } from "../verbs/webhooks.js";
import { optional } from "./request-row.js";

type NewDelivery = Pick<
  WebhookDeliveryRow,
  "id" | "project_id" | "endpoint_id" | "event_id" | "type" | "request_id" | "created_at"
>;

/** A delivery about to be made, due at once. Names every column, for prepared statements. */
export function newDeliveryRow(delivery: NewDelivery): WebhookDeliveryRow {
  return {
    id: delivery.id,
    project_id: delivery.project_id,
    endpoint_id: delivery.endpoint_id,
    event_id: delivery.event_id,
    type: delivery.type,
    request_id: delivery.request_id,
    status: "PENDING",
    attempts: 0,
    fence: 0,
    created_at: delivery.created_at,
    next_attempt_at: delivery.created_at,
    delivered_at: null,
    last_status: null,
    last_error: null,
    last_attempt_at: null,
  };
}

export function toDelivery(row: WebhookDeliveryRow, dialect: Dialect): WebhookDelivery {
  const time = (stored: number | null) => (stored === null ? null : dialect.decodeInteger(stored));
  return {
    id: row.id,
    projectId: row.project_id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    type: row.type,
    ...optional("requestId", row.request_id),
    status: row.status,
    attempts: row.attempts,
    createdAt: dialect.decodeInteger(row.created_at),
    ...optional("nextAttemptAt", time(row.next_attempt_at)),
    ...optional("deliveredAt", time(row.delivered_at)),
    ...optional("lastStatus", row.last_status),
    ...optional("lastError", row.last_error),
    ...optional("lastAttemptAt", time(row.last_attempt_at)),
  };
}
