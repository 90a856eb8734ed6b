import { z } from "zod";
import { ACTION_APPROVALS } from "../gate/manifest.js";
import { GATE_FAULTS, GATE_OUTCOMES } from "../gate/wire.js";
import { LIMITS } from "../limits.js";
import { GATE_VERIFICATIONS } from "../wire.js";
import { actionIdSchema, actionManifestSchema, egressSchema, secretNameSchema } from "./action.js";
import { jsonObject } from "./json.js";
import {
  digestSchema,
  executionStatusSchema,
  fingerprintSchema,
  idSchema,
  lineSchema,
  prioritySchema,
  reasonSchema,
  requestStatusSchema,
  sensitiveSchema,
  timeSchema,
} from "./parts.js";
import { actorSchema, policyJudgementSchema } from "./request.js";
import { amountSchema, moneySchema } from "./spend.js";

/** A scope of a lease: one of an API key's, or `actions:` and the id of an action. */
const leaseScopeSchema = z
  .string()
  .regex(/^(requests:read|requests:write|gate|actions:[a-z][a-z0-9_-]{0,63})$/, {
    error: "Expected requests:read, requests:write, gate, or actions: and the id of an action.",
  });
export const leaseScopesSchema = z.array(leaseScopeSchema).min(1).max(LIMITS.scopesPerLease);
const callsSchema = z.int().min(1).max(1_000_000_000);
const referenceSchema = z.object({ id: idSchema("agent"), name: z.string() });
const thumbprintSchema = z.string();

export const createLeaseSchema = z.strictObject({
  session_id: idSchema("gateSession").optional(),
  scopes: leaseScopesSchema.optional(),
  max_calls: callsSchema.optional(),
  max_cost: amountSchema.optional(),
  ttl_seconds: z.int().min(LIMITS.minLeaseSeconds).max(LIMITS.maxLeaseSeconds).optional(),
});

const leaseBudgetSchema = z.object({
  calls: z.int(),
  max_calls: z.int().optional(),
  cost: moneySchema.optional(),
  max_cost: moneySchema.optional(),
});

export const issuedLeaseSchema = z.object({
  id: idSchema("lease"),
  session_id: idSchema("gateSession"),
  token_type: z.literal("DPoP"),
  token: z.string(),
  project_id: idSchema("project"),
  agent: referenceSchema,
  scopes: z.array(z.string()),
  issued_at: timeSchema,
  expires_at: timeSchema,
  budget: leaseBudgetSchema,
});

export const leaseSchema = z.object({
  id: idSchema("lease"),
  session_id: idSchema("gateSession"),
  agent: referenceSchema,
  key_thumbprint: thumbprintSchema,
  scopes: z.array(z.string()),
  status: z.enum(["live", "expired", "revoked"]),
  issued_at: timeSchema,
  expires_at: timeSchema,
  revoked_at: timeSchema.optional(),
  revoked_by: actorSchema.optional(),
  budget: leaseBudgetSchema,
  receipt_id: idSchema("receipt"),
});

/** Query of `GET /v1/leases`. */
export const listLeasesSchema = z.strictObject({
  agent_id: idSchema("agent").optional(),
  status: z.literal("live").optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});

export const authoritySchema = z.object({
  frozen: z.boolean(),
  epoch: z.int(),
  changed_at: timeSchema.optional(),
  changed_by: actorSchema.optional(),
  reason: z.string().optional(),
  receipt_id: idSchema("receipt").optional(),
});

export const setAuthoritySchema = z.strictObject({
  frozen: z.boolean(),
  reason: reasonSchema.optional(),
});

export const createEnrolmentSchema = z.strictObject({
  agent: lineSchema(LIMITS.nameLength),
  scopes: leaseScopesSchema.optional(),
  expires_in_ms: z.int().min(LIMITS.minEnrolmentMs).max(LIMITS.maxEnrolmentMs).optional(),
});

export const enrolmentSchema = z.object({
  id: idSchema("enrolment"),
  agent: referenceSchema,
  scopes: z.array(z.string()),
  code: z.string(),
  expires_at: timeSchema,
});

export const enrolSchema = z.strictObject({ code: z.string().max(200) });

export const agentIdentitySchema = z.object({
  id: idSchema("agentIdentity"),
  project_id: idSchema("project"),
  agent: referenceSchema,
  key_thumbprint: thumbprintSchema,
  scopes: z.array(z.string()),
  created_at: timeSchema,
  enrolled_by: actorSchema,
  last_used_at: timeSchema.optional(),
  revoked_at: timeSchema.optional(),
  receipt_id: idSchema("receipt"),
});

/** Query of `GET /v1/agent-identities`. */
export const listAgentIdentitiesSchema = z.strictObject({ agent_id: idSchema("agent").optional() });

export const setAgentLimitsSchema = z.strictObject({
  scopes: leaseScopesSchema.optional(),
  max_calls_per_day: callsSchema.optional(),
  max_cost_per_day: amountSchema.optional(),
});

export const agentDetailsSchema = z.object({
  id: idSchema("agent"),
  name: z.string(),
  created_at: timeSchema,
  limits: z.object({
    scopes: z.array(z.string()).optional(),
    max_calls_per_day: z.int().optional(),
    max_cost_per_day: moneySchema.optional(),
  }),
  used: z.object({ calls: z.int(), cost: moneySchema.optional() }),
  identities: z.array(agentIdentitySchema),
});

const actionCostSchema = z.object({
  currency: z.string(),
  amount_minor: z.int().optional(),
  amount_parameter: z.string().optional(),
});

export const actionSchema = z.object({
  id: actionIdSchema,
  version: z.string(),
  digest: digestSchema,
  title: z.string(),
  description: z.string(),
  risk: prioritySchema,
  approval: z.enum(ACTION_APPROVALS),
  parameters: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).optional(),
  egress: egressSchema,
  cost: actionCostSchema.optional(),
  verification: z.enum(["none", "status", "result", "read_back"]),
  returns_output: z.boolean(),
  registration: z
    .object({
      manifest: actionManifestSchema,
      registered_at: timeSchema,
      registered_by: actorSchema,
      withdrawn_at: timeSchema.optional(),
      receipt_id: idSchema("receipt"),
      calls: z.int(),
      last_called_at: timeSchema.optional(),
    })
    .optional(),
});

export const actionEgressSchema = z.object({
  action: z.string(),
  version: z.string(),
  egress: egressSchema,
});

export const executeActionSchema = z.strictObject({
  id: idSchema("request"),
  parameters: jsonObject(LIMITS.payloadBytes).optional(),
  fingerprint: fingerprintSchema.optional(),
  sensitive: sensitiveSchema.optional(),
  timeout_ms: z.int().min(LIMITS.minTimeoutMs).max(LIMITS.maxTimeoutMs).optional(),
  agent_label: lineSchema(LIMITS.agentLabelLength).optional(),
  environment: lineSchema(LIMITS.environmentLength).optional(),
  run_id: lineSchema(LIMITS.runIdLength).optional(),
  parent_request_id: idSchema("request").optional(),
});

export const gateResultSchema = z.object({
  id: idSchema("request"),
  execution_id: idSchema("execution"),
  action: z.string(),
  action_version: z.string(),
  action_digest: digestSchema,
  outcome: z.enum(GATE_OUTCOMES),
  output: z.unknown().optional(),
  error: z
    .object({ code: z.enum(GATE_FAULTS), message: z.string(), status: z.int().optional() })
    .optional(),
  verification: z.object({ status: z.enum(GATE_VERIFICATIONS), detail: z.string().optional() }),
  fully_successful: z.boolean(),
  approved_by: actorSchema.optional(),
  receipt_id: idSchema("receipt"),
  session_id: idSchema("gateSession"),
  started_at: timeSchema,
  finished_at: timeSchema.optional(),
  replayed: z.literal(true).optional(),
});

export const gateApprovalSchema = z.object({
  id: idSchema("request"),
  action: z.string(),
  action_version: z.string(),
  action_digest: digestSchema,
  status: requestStatusSchema,
  execution_status: executionStatusSchema,
  role: z.string().optional(),
  reason: z.string().optional(),
  decided_by: actorSchema.optional(),
  policy: policyJudgementSchema.optional(),
  expires_at: timeSchema,
  resolved_at: timeSchema.optional(),
  url: z.string(),
  result: gateResultSchema.optional(),
});

export const setSecretSchema = z.strictObject({
  value: z
    .string()
    .min(1, "Expected at least 1 character.")
    .max(LIMITS.secretBytes, `Expected at most ${LIMITS.secretBytes} characters.`)
    .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: "Expected what an HTTP header can hold." }),
});

export const secretSchema = z.object({
  name: secretNameSchema,
  updated_at: timeSchema,
  updated_by: actorSchema,
});

export const createWasmModuleSchema = z.strictObject({
  module: z
    .base64({ error: "Expected base64." })
    .max(Math.ceil(LIMITS.wasmModuleBytes / 3) * 4, "Expected a smaller module."),
});

export const wasmModuleSchema = z.object({
  digest: digestSchema,
  size_bytes: z.int(),
  created_at: timeSchema,
});
