import { z } from "zod";
import { LIMITS } from "../limits.js";
import { POLICY_VERDICTS } from "../wire.js";
import { idSchema, lineSchema, timeSchema } from "./parts.js";
import { actorSchema } from "./request.js";

const policyTextSchema = z
  .string()
  .refine((text) => new TextEncoder().encode(text).length <= LIMITS.policyBytes, {
    error: `Expected at most ${LIMITS.policyBytes} bytes.`,
  });

export const setPolicySchema = z.strictObject({
  text: policyTextSchema,
  base_revision: z.int().min(0),
  note: lineSchema(LIMITS.policyNoteLength).optional(),
});

export const policySchema = z.object({
  id: idSchema("policy"),
  revision: z.int(),
  text: z.string(),
  note: z.string().optional(),
  created_at: timeSchema,
  created_by: actorSchema,
  receipt_id: idSchema("receipt"),
});

/** Query of `GET /v1/policies`. */
export const listPoliciesSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});

export const checkPolicySchema = z.strictObject({ text: policyTextSchema });

const statementSchema = z.object({
  id: z.string(),
  effect: z.enum(["permit", "forbid"]),
  hold: z.string().optional(),
  reason: z.string().optional(),
});

export const policyCheckSchema = z.object({
  valid: z.boolean(),
  problems: z.array(
    z.object({
      severity: z.enum(["error", "warning"]),
      message: z.string(),
      help: z.string().optional(),
      line: z.int().optional(),
      column: z.int().optional(),
      policy_id: z.string().optional(),
    }),
  ),
  statements: z.array(statementSchema),
});

export const tryPolicySchema = z.strictObject({
  text: policyTextSchema,
  since: timeSchema.optional(),
  limit: z.int().min(1).max(LIMITS.policyTrialRequests).optional(),
});

const verdictSchema = z.enum(POLICY_VERDICTS);

export const policyTrialSchema = z.object({
  tried: z.int(),
  verdicts: z.record(verdictSchema, z.int()),
  changed: z.array(
    z.object({
      request_id: idSchema("request"),
      service: z.string(),
      action: z.string(),
      agent: z.object({ id: idSchema("agent"), name: z.string() }),
      created_at: timeSchema,
      was: verdictSchema,
      would_be: verdictSchema,
      policies: z.array(z.string()),
      reason: z.string().optional(),
    }),
  ),
});

export const explainPolicySchema = z.strictObject({ request_id: idSchema("request") });

export const policyExplanationSchema = z.object({
  request_id: idSchema("request"),
  revision: z.int(),
  verdict: verdictSchema,
  policies: z.array(statementSchema),
  role: z.string().optional(),
  reason: z.string().optional(),
  errors: z.array(z.string()),
  question: z.object({
    principal: z.string(),
    action: z.string(),
    resource: z.string(),
    context: z.unknown(),
  }),
});
