import { z } from "zod";
import { LIMITS } from "../limits.js";
import {
  POLICY_VERDICTS,
  REQUEST_EVENT_TYPES,
  SHIELD_EFFECTS,
  SHIELD_MODES,
  SHIELD_SIGNALS,
} from "../wire.js";
import { jsonObject, jsonValue } from "./json.js";
import {
  digestSchema,
  executionStatusSchema,
  fingerprintSchema,
  idSchema,
  lineSchema,
  prioritySchema,
  reasonSchema,
  requestStatusSchema,
  roleSchema,
  sensitiveSchema,
  skeletonHashSchema,
  timeSchema,
} from "./parts.js";

/** Ciphertext and its framing are larger than the payload inside, so the envelope gets more room. */
const SEALED_PAYLOAD_BYTES = Math.ceil((LIMITS.payloadBytes * 4) / 3) + 1_024;
/** A payload, or what else is as large: an edit, a result, an error, evidence. */
export const payloadSchema = jsonValue(SEALED_PAYLOAD_BYTES);

export const actorSchema = z.object({
  type: z.enum(["agent", "operator", "policy", "system"]),
  id: z.string(),
  name: z.string().optional(),
});

export const createRequestSchema = z.strictObject({
  id: idSchema("request"),
  service: lineSchema(LIMITS.serviceLength),
  action: lineSchema(LIMITS.actionLength),
  payload: payloadSchema,
  encrypted: z.boolean().optional(),
  priority: prioritySchema.optional(),
  role: roleSchema.optional(),
  schema: jsonObject(LIMITS.schemaBytes).optional(),
  timeout_ms: z.int().min(LIMITS.minTimeoutMs).max(LIMITS.maxTimeoutMs).optional(),
  agent_label: lineSchema(LIMITS.agentLabelLength).optional(),
  skeleton_hash: skeletonHashSchema.optional(),
  fingerprint: fingerprintSchema.optional(),
  sensitive: sensitiveSchema.optional(),
  metadata: jsonObject(LIMITS.metadataBytes).optional(),
  environment: lineSchema(LIMITS.environmentLength).optional(),
  run_id: lineSchema(LIMITS.runIdLength).optional(),
  parent_request_id: idSchema("request").optional(),
  state_id: idSchema("state").optional(),
  witness_digest: digestSchema.optional(),
  witness_change: payloadSchema.optional(),
});

const revisionSchema = z.int().min(1);

export const decisionSchema = z.discriminatedUnion("decision", [
  z.strictObject({
    decision: z.literal("approve"),
    revision: revisionSchema,
    patched_payload: payloadSchema.optional(),
    reason: reasonSchema.optional(),
  }),
  z.strictObject({
    decision: z.literal("reject"),
    revision: revisionSchema,
    reason: reasonSchema.optional(),
  }),
]);

export const changeSchema = z.object({
  path: z.string(),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});

export const diffSchema = z.object({ summary: z.string(), changes: z.array(changeSchema) });

export const grantSchema = z.object({
  id: idSchema("grant"),
  revision: z.int(),
  approved_digest: digestSchema,
  expires_at: timeSchema,
});

/** One of the approvals that a quorum is made of. */
export const approvalSchema = z.object({
  operator: z.object({ id: idSchema("operator"), name: z.string() }),
  at: timeSchema,
  reason: z.string().optional(),
});

export const policyJudgementSchema = z.object({
  revision: z.int(),
  verdict: z.enum(POLICY_VERDICTS),
  policies: z.array(z.string()),
  reason: z.string().optional(),
});

export const shieldVerdictSchema = z.object({
  profile_id: idSchema("shieldProfile"),
  mode: z.enum(SHIELD_MODES),
  anomalous: z.boolean(),
  signals: z.array(z.enum(SHIELD_SIGNALS)),
  effect: z.enum(SHIELD_EFFECTS),
  surprise_bits: z.number(),
  path_bits: z.number(),
  structure_bits: z.number(),
  timing_bits: z.number().optional(),
  one_in: z.number().optional(),
  explanation: z.string(),
  after: z.string().optional(),
});

export const requestSchema = z.object({
  id: idSchema("request"),
  project_id: idSchema("project"),
  service: z.string(),
  action: z.string(),
  status: requestStatusSchema,
  priority: prioritySchema,
  role: z.string().optional(),
  quorum: z.int().optional(),
  approvals: z.array(approvalSchema).optional(),
  encrypted: z.boolean(),
  payload: z.unknown().optional(),
  patched_payload: z.unknown().optional(),
  diff_summary: diffSchema.optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  reason: z.string().optional(),
  agent: z.object({ id: idSchema("agent"), name: z.string() }),
  agent_label: z.string().optional(),
  decided_by: actorSchema.optional(),
  created_at: timeSchema,
  expires_at: timeSchema,
  resolved_at: timeSchema.optional(),
  execution: z.object({ status: executionStatusSchema, id: idSchema("execution").optional() }),
  grant: grantSchema.optional(),
  receipt_id: idSchema("receipt").optional(),
  state_id: idSchema("state").optional(),
  witness_digest: digestSchema.optional(),
  witness_change: z.unknown().optional(),
  contents_deleted_at: timeSchema.optional(),
  revision: z.int(),
  skeleton_hash: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()),
  environment: z.string().optional(),
  run_id: z.string().optional(),
  parent_request_id: z.string().optional(),
  policy: policyJudgementSchema.optional(),
  shield: shieldVerdictSchema.optional(),
  url: z.string(),
});

export const eventSchema = z.object({
  id: idSchema("event"),
  type: z.enum(REQUEST_EVENT_TYPES),
  request_id: idSchema("request"),
  at: timeSchema,
  actor: actorSchema,
  service: z.string(),
  action: z.string(),
  status: requestStatusSchema,
  priority: prioritySchema,
  reason: z.string().optional(),
  receipt_id: idSchema("receipt"),
  execution: z
    .object({
      id: idSchema("execution"),
      fencing_token: z.int(),
      reconciled: z.boolean().optional(),
    })
    .optional(),
  purchase: z
    .object({
      amount_minor: z.int(),
      currency: z.string(),
      category: z.string(),
      payee: z.string().optional(),
      late: z.literal(true).optional(),
    })
    .optional(),
});

/** Query of `GET /v1/requests`. Several statuses or priorities are separated by commas. */
export const listRequestsSchema = z.strictObject({
  status: commaList(requestStatusSchema).optional(),
  priority: commaList(prioritySchema).optional(),
  service: z.string().optional(),
  action: z.string().optional(),
  role: z.string().optional(),
  environment: z.string().optional(),
  run_id: z.string().optional(),
  agent_id: idSchema("agent").optional(),
  /** Finds ids, services, actions, agents and deciders that contain this text; case is ignored. */
  search: z.string().max(200).optional(),
  /** `newest` (default), or `triage`: most urgent first, then oldest first. */
  order: z.enum(["newest", "triage"]).optional(),
  include: z.literal("payload").optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});

/** Query of `GET /v1/requests/:id`. */
export const getRequestSchema = z.strictObject({
  wait_ms: z.coerce.number().int().min(0).max(LIMITS.maxWaitMs).optional(),
});

function commaList<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(item).min(1));
}
