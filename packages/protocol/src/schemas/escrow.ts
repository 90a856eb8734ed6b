import { z } from "zod";
import { ESCROW_STATUSES } from "../escrow/status.js";
import { LIMITS } from "../limits.js";
import { idSchema, lineSchema, reasonSchema, timeSchema } from "./parts.js";
import { actorSchema, payloadSchema } from "./request.js";
import { moneySchema } from "./spend.js";
import { categorySchema } from "./spend-policy.js";

/** Whether it is a step of an escrow is said by the verifier, and why not. */
const jwsSchema = z
  .string()
  .max(8_192, "Expected at most 8192 characters.")
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, { error: "Expected a JWS in compact form." })
  .meta({
    description: "A signed step: JWS in compact form, EdDSA with Ed25519.",
    example: "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
  });
const bytes32Schema = z.string().regex(/^[\w-]{43}$/, {
  error: "Expected 43 characters of base64url.",
});
const publicJwkSchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: bytes32Schema,
});
const partySchema = z.object({ id: idSchema("agent"), name: z.string() });

export const registerAgentKeySchema = z.strictObject({ jwk: publicJwkSchema, proof: jwsSchema });

export const agentKeySchema = z.object({
  id: bytes32Schema,
  agent: partySchema,
  jwk: publicJwkSchema,
  created_at: timeSchema,
  attestation: jwsSchema,
});

/** Query of `GET /v1/agent-keys`. */
export const listAgentKeysSchema = z.strictObject({ agent_id: idSchema("agent").optional() });

export const openEscrowSchema = z.strictObject({
  step: jwsSchema,
  category: categorySchema,
  details: payloadSchema.optional(),
  encrypted: z.boolean().optional(),
  agent_label: lineSchema(LIMITS.agentLabelLength).optional(),
  environment: lineSchema(LIMITS.environmentLength).optional(),
  run_id: lineSchema(LIMITS.runIdLength).optional(),
  parent_request_id: idSchema("request").optional(),
});

export const fulfilEscrowSchema = z.strictObject({ step: jwsSchema, result: payloadSchema });

export const releaseEscrowSchema = z.strictObject({ step: jwsSchema });

export const disputeEscrowSchema = z.strictObject({
  step: jwsSchema,
  reason: reasonSchema.optional(),
});

export const escrowEnvelopeSchema = z.object({
  version: z.literal(1),
  escrow_id: idSchema("escrow"),
  steps: z.array(jwsSchema),
  keys: z.array(jwsSchema),
});

export const escrowSchema = z.object({
  id: idSchema("escrow"),
  project_id: idSchema("project"),
  request_id: idSchema("request"),
  status: z.enum(ESCROW_STATUSES),
  payer: partySchema,
  payee: partySchema,
  amount: moneySchema,
  category: z.string(),
  details: z.unknown().optional(),
  encrypted: z.boolean(),
  fulfil_by: timeSchema,
  release_by: timeSchema,
  parent_escrow_id: idSchema("escrow").optional(),
  root_escrow_id: idSchema("escrow"),
  result: z.unknown().optional(),
  dispute: z
    .object({
      by: actorSchema,
      reason: z.string().optional(),
      request_id: idSchema("request"),
    })
    .optional(),
  reason: z.string().optional(),
  contents_deleted_at: timeSchema.optional(),
  created_at: timeSchema,
  fulfilled_at: timeSchema.optional(),
  ended_at: timeSchema.optional(),
  envelope: escrowEnvelopeSchema,
  url: z.string(),
});

/** Query of `GET /v1/escrows`. */
export const listEscrowsSchema = z.strictObject({
  /** Those of one chain of hand-offs. */
  root_escrow_id: idSchema("escrow").optional(),
  agent_id: idSchema("agent").optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});
