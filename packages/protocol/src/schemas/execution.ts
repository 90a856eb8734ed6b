import { z } from "zod";
import { LIMITS } from "../limits.js";
import { digestSchema, executionStatusSchema, idSchema, timeSchema } from "./parts.js";
import { actorSchema, payloadSchema } from "./request.js";

const leaseSchema = z.int().min(LIMITS.minLeaseMs).max(LIMITS.maxLeaseMs);
const fencingTokenSchema = z.int().min(1);

export const claimSchema = z.strictObject({
  id: idSchema("execution"),
  grant_id: idSchema("grant"),
  approved_digest: digestSchema,
  lease_ms: leaseSchema.optional(),
  idempotent: z.boolean().optional(),
});

export const renewSchema = z.strictObject({
  fencing_token: fencingTokenSchema,
  lease_ms: leaseSchema.optional(),
});

export const commitSchema = z.strictObject({
  fencing_token: fencingTokenSchema,
  result: payloadSchema.optional(),
});

export const failSchema = z.strictObject({
  fencing_token: fencingTokenSchema,
  error: payloadSchema,
});

export const reconcileSchema = z
  .strictObject({
    outcome: z.enum(["committed", "failed"]),
    evidence: payloadSchema,
    result: payloadSchema.optional(),
    error: payloadSchema.optional(),
  })
  .refine(({ outcome, error }) => outcome === "failed" || error === undefined, {
    path: ["error"],
    error: "Expected no error beside the outcome committed.",
  })
  .refine(({ outcome, result }) => outcome === "committed" || result === undefined, {
    path: ["result"],
    error: "Expected no result beside the outcome failed.",
  });

export const executionSchema = z.object({
  id: idSchema("execution"),
  request_id: idSchema("request"),
  status: executionStatusSchema.exclude(["NONE"]),
  fencing_token: z.int(),
  idempotent: z.boolean(),
  claimed_at: timeSchema,
  lease_expires_at: timeSchema,
  settled_at: timeSchema.optional(),
  reconciled: z.boolean().optional(),
  settled_by: actorSchema.optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
  evidence: z.unknown().optional(),
});

/** Query of `GET /v1/executions/:id`. */
export const getExecutionSchema = z.strictObject({
  /** Holds the answer until the execution is no longer `CLAIMED`. */
  wait_ms: z.coerce.number().int().min(0).max(LIMITS.maxWaitMs).optional(),
});
