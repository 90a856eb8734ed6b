import { z } from "zod";
import { LIMITS } from "../limits.js";
import {
  fingerprintSchema,
  idSchema,
  lineSchema,
  sensitiveSchema,
  skeletonHashSchema,
  timeSchema,
} from "./parts.js";

export const observeSchema = z.strictObject({
  id: idSchema("observation"),
  service: lineSchema(LIMITS.serviceLength),
  action: lineSchema(LIMITS.actionLength),
  skeleton_hash: skeletonHashSchema.optional(),
  fingerprint: fingerprintSchema.optional(),
  sensitive: sensitiveSchema.optional(),
  run_id: lineSchema(LIMITS.runIdLength).optional(),
  parent_request_id: idSchema("request").optional(),
  environment: lineSchema(LIMITS.environmentLength).optional(),
  agent_label: lineSchema(LIMITS.agentLabelLength).optional(),
  ends_run: z.literal(true).optional(),
  observed_at: timeSchema,
});

export const createObservationsSchema = z.strictObject({
  observations: z.array(observeSchema).min(1).max(LIMITS.observationsPerCall),
});

export const observationSchema = z.object({
  id: idSchema("observation"),
  service: z.string(),
  action: z.string(),
  agent: z.object({ id: idSchema("agent"), name: z.string() }),
  agent_label: z.string().optional(),
  skeleton_hash: z.string().optional(),
  fingerprint: z.string().optional(),
  sensitive: sensitiveSchema.optional(),
  run_id: z.string().optional(),
  parent_request_id: z.string().optional(),
  environment: z.string().optional(),
  ends_run: z.literal(true).optional(),
  observed_at: timeSchema,
  received_at: timeSchema,
});

/** Query of `GET /v1/observations`. */
export const listObservationsSchema = z.strictObject({
  service: z.string().optional(),
  action: z.string().optional(),
  agent_id: idSchema("agent").optional(),
  run_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});
