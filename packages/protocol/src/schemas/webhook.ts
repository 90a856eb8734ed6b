import { z } from "zod";
import { LIMITS } from "../limits.js";
import { REQUEST_EVENT_TYPES, WEBHOOK_DELIVERY_STATUSES } from "../wire.js";
import { idSchema, lineSchema, timeSchema } from "./parts.js";

const eventTypesSchema = z.array(z.enum(REQUEST_EVENT_TYPES)).min(1).max(50);
const urlSchema = z
  .url({ error: "Expected a whole URL, for example https://example.com/holdpoint." })
  .max(LIMITS.webhookUrlLength, `Expected at most ${LIMITS.webhookUrlLength} characters.`);
const descriptionSchema = lineSchema(LIMITS.nameLength);

export const webhookEndpointSchema = z.object({
  id: idSchema("webhookEndpoint"),
  url: z.string(),
  description: z.string().optional(),
  event_types: z.array(z.enum(REQUEST_EVENT_TYPES)).optional(),
  enabled: z.boolean(),
  created_at: timeSchema,
  secrets: z.array(z.object({ hint: z.string(), expires_at: timeSchema.optional() })),
});
/** The answers that carry the secret: once, when it is made or rotated. */
export const secretWebhookEndpointSchema = webhookEndpointSchema.extend({ secret: z.string() });

export const createWebhookEndpointSchema = z.strictObject({
  url: urlSchema,
  description: descriptionSchema.optional(),
  /** Default: every type, those to come included. */
  event_types: eventTypesSchema.optional(),
  enabled: z.boolean().optional(),
});
/** What is absent stays; `null` takes a description or a choice of types away. */
export const changeWebhookEndpointSchema = z.strictObject({
  url: urlSchema.optional(),
  description: descriptionSchema.nullable().optional(),
  event_types: eventTypesSchema.nullable().optional(),
  enabled: z.boolean().optional(),
});

const deliveryStatusSchema = z.enum(WEBHOOK_DELIVERY_STATUSES);

export const webhookDeliverySchema = z.object({
  id: idSchema("webhookDelivery"),
  endpoint_id: idSchema("webhookEndpoint"),
  event_id: idSchema("event"),
  type: z.enum([...REQUEST_EVENT_TYPES, "webhook.test"]),
  request_id: idSchema("request").optional(),
  status: deliveryStatusSchema,
  attempts: z.int(),
  created_at: timeSchema,
  next_attempt_at: timeSchema.optional(),
  delivered_at: timeSchema.optional(),
  last_status: z.int().optional(),
  last_error: z.string().optional(),
  last_attempt_at: timeSchema.optional(),
});

/** Query of `GET /v1/webhook-deliveries`. */
export const listWebhookDeliveriesSchema = z.strictObject({
  endpoint_id: idSchema("webhookEndpoint").optional(),
  status: deliveryStatusSchema.optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});
