import { z } from "zod";
import { LIMITS } from "../limits.js";
import { idSchema, timeSchema } from "./parts.js";

/** 32 bytes as base64url without padding; the last character carries four bits only. */
const plainKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, {
    error: "Expected 32 bytes as base64url (43 characters), or an encrypted envelope.",
  })
  .meta({ description: "The state's key, 32 random bytes as base64url." });

/** Of a key of 32 bytes; the bound keeps what else might come in small. */
const envelopePartSchema = z.string().max(1_000);

const sealedKeySchema = z.strictObject({
  protected: envelopePartSchema,
  aad: envelopePartSchema,
  iv: envelopePartSchema,
  ciphertext: envelopePartSchema,
  tag: envelopePartSchema,
});

export const createStateSchema = z.strictObject({
  id: idSchema("state"),
  key: z.union([plainKeySchema, sealedKeySchema]),
  size_bytes: z.int().min(1).optional(),
});

export const stateSchema = z.object({
  id: idSchema("state"),
  created_at: timeSchema,
  size_bytes: z.int().max(LIMITS.stateBytes).optional(),
  uploaded_at: timeSchema.optional(),
  deleted_at: timeSchema.optional(),
  key: z.union([z.string(), sealedKeySchema]).optional(),
  upload_url: z.string().optional(),
  download_url: z.string().optional(),
  url_expires_at: timeSchema.optional(),
});
