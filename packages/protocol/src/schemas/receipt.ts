import { z } from "zod";
import { LIMITS } from "../limits.js";
import { idSchema, timeSchema } from "./parts.js";

const jwsSchema = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);
/** 32 bytes as base64url: an RFC 7638 thumbprint, or a public key. */
const bytes32Schema = z.string().regex(/^[\w-]{43}$/, {
  error: "Expected 43 characters of base64url.",
});
const indexSchema = z.int().min(0);

export const receiptSchema = z.object({
  id: idSchema("receipt"),
  jws: jwsSchema,
  log: z
    .object({
      index: indexSchema,
      inclusion_proof: z.array(z.string()),
      checkpoint: z.string(),
    })
    .optional(),
});

export const loggedReceiptSchema = z.object({
  id: idSchema("receipt"),
  jws: jwsSchema,
  index: indexSchema,
});

/** Query of `GET /v1/receipts`. */
export const listReceiptsSchema = z.strictObject({
  /** Only receipts that stand later in the log. */
  after_index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxReceiptPageSize).optional(),
});

export const signingKeySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
  key_ops: z.tuple([z.literal("verify")]),
  x: bytes32Schema,
  kid: bytes32Schema,
  holdpoint_purpose: z.enum(["receipt", "log", "lease"]),
  holdpoint_not_before: timeSchema.optional(),
  holdpoint_not_after: timeSchema.optional(),
  holdpoint_vkey: z.string().optional(),
});

export const signingKeysSchema = z.object({ keys: z.array(signingKeySchema) });

export const rotateSigningKeySchema = z.strictObject({ kid: bytes32Schema });
