import { z } from "zod";
import { LIMITS } from "../limits.js";
import { WEEKDAYS } from "../spend/policy.js";
import { roleSchema } from "./parts.js";

/** A decimal amount; whether it fits its currency is checked where the currency is known. */
const amountTextSchema = z
  .string()
  .regex(/^(0|[1-9]\d*)(\.\d+)?$/, { error: 'Expected a decimal amount, for example "12.50".' })
  .meta({ example: "12.50" });
export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3,5}$/, { error: "Expected a currency code in capitals, for example EUR." })
  .meta({ example: "EUR" });
export const categorySchema = z
  .string()
  .max(LIMITS.categoryLength, `Expected at most ${LIMITS.categoryLength} characters.`)
  .regex(/^[a-z][a-z0-9_:]*$/, {
    error: "Expected a category in lower case with _ for spaces, beginning with a letter.",
  })
  .meta({ example: "software" });

const namesSchema = (item: z.ZodString) => z.array(item).min(1).max(LIMITS.spendListLength);
const textSchema = z.string().trim().min(1).max(LIMITS.payeeLength);
const windowSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
  error: "Expected a window of time as HH:MM-HH:MM, for example 09:00-17:30.",
});
const windowsSchema = z.union([windowSchema, z.array(windowSchema).min(1).max(20)]);

export const spendPolicySchema = z.strictObject({
  currency: currencySchema,
  timezone: z.string().max(64).optional(),
  per_request_limit: amountTextSchema.optional(),
  daily_limit: amountTextSchema.optional(),
  weekly_limit: amountTextSchema.optional(),
  monthly_limit: amountTextSchema.optional(),
  total_limit: amountTextSchema.optional(),
  requests_per_minute: z.int().min(1).max(10_000).optional(),
  requests_per_hour: z.int().min(1).max(100_000).optional(),
  categories: namesSchema(categorySchema).optional(),
  unknown_category: z.enum(["ask", "reject"]).optional(),
  allowed_categories: namesSchema(categorySchema).optional(),
  blocked_categories: namesSchema(categorySchema).optional(),
  allowed_payees: namesSchema(textSchema).optional(),
  blocked_payees: namesSchema(textSchema).optional(),
  schedule: z
    .strictObject({
      timezone: z.string().max(64).optional(),
      default: z.strictObject({ allow: windowsSchema.optional() }).optional(),
      overrides: z
        .array(
          z.strictObject({
            days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
            allow: windowsSchema.optional(),
            deny: z.literal(true).optional(),
            daily_limit: amountTextSchema.optional(),
          }),
        )
        .max(50)
        .optional(),
    })
    .optional(),
  auto_approve: z
    .strictObject({
      enabled: z.boolean(),
      max_amount: amountTextSchema.optional(),
      categories: namesSchema(categorySchema).optional(),
    })
    .optional(),
  approval_threshold: z
    .strictObject({
      amount: amountTextSchema,
      role: roleSchema.optional(),
      quorum: z.int().min(1).max(LIMITS.quorum).optional(),
    })
    .optional(),
  expiry_minutes: z.int().min(5).max(1_440).optional(),
  confirm_tolerance: amountTextSchema.optional(),
  x402: z
    .strictObject({
      allowed_networks: namesSchema(textSchema).optional(),
      allowed_assets: namesSchema(textSchema).optional(),
      allowed_domains: namesSchema(textSchema).optional(),
      blocked_domains: namesSchema(textSchema).optional(),
      max_per_request: amountTextSchema.optional(),
    })
    .optional(),
});
