import { z } from "zod";
import { LIMITS } from "../limits.js";
import { isRecordKey, isRecordKeyPrefix } from "../record.js";
import { jsonValue } from "./json.js";
import { timeSchema } from "./parts.js";

const EXPECTED = `printable text of at most ${LIMITS.recordKeyBytes} bytes as UTF-8`;

export const recordKeySchema = z
  .string()
  .refine(isRecordKey, { error: `Expected a key: ${EXPECTED}, and at least one character.` })
  .meta({ description: `Printable, 1 … ${LIMITS.recordKeyBytes} bytes as UTF-8.` });

const prefixSchema = z
  .string()
  .refine(isRecordKeyPrefix, { error: `Expected what keys begin with: ${EXPECTED}.` });

/** Ciphertext and its framing are larger than the value inside, so the envelope gets more room. */
const SEALED_RECORD_BYTES = Math.ceil((LIMITS.recordBytes * 4) / 3) + 1_024;

export const putRecordSchema = z.strictObject({
  key: recordKeySchema,
  value: jsonValue(SEALED_RECORD_BYTES),
  encrypted: z.boolean().optional(),
  if_absent: z.boolean().optional(),
});

export const putRecordsSchema = z.strictObject({
  records: z
    .array(putRecordSchema)
    .min(1)
    .max(LIMITS.recordsPerCall)
    .superRefine((records, context) => {
      const seen = new Set<string>();
      for (const [index, { key }] of records.entries()) {
        if (seen.has(key)) {
          const message = "Expected each key once, got it again.";
          context.addIssue({ code: "custom", message, path: [index, "key"] });
        }
        seen.add(key);
      }
    }),
});

export const recordSchema = z.object({
  key: z.string(),
  value: jsonValue(SEALED_RECORD_BYTES),
  encrypted: z.boolean(),
  updated_at: timeSchema,
});

/** Query of `GET /v1/records`; every bound must hold. A key stands alone. */
export const listRecordsSchema = z
  .strictObject({
    key: recordKeySchema.optional(),
    prefix: prefixSchema.optional(),
    before: recordKeySchema.optional(),
    after: recordKeySchema.optional(),
    order: z.enum(["ascending", "descending"]).optional(),
    limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
    cursor: z.string().max(2_000).optional(),
  })
  .refine(({ key, ...rest }) => key === undefined || Object.keys(rest).length === 0, {
    error: "Expected a key alone, or none.",
  });

/** Query of `DELETE /v1/records`. No prefix means no record, not all of them. */
export const deleteRecordsSchema = z
  .strictObject({ key: recordKeySchema.optional(), prefix: recordKeySchema.optional() })
  .refine(({ key, prefix }) => (key === undefined) !== (prefix === undefined), {
    error: "Expected either a key or a prefix.",
  });
