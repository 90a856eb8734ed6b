import { z } from "zod";
import { LIMITS } from "../limits.js";
import { MAX_AMOUNT_MINOR } from "../spend/amount.js";
import { WEEKDAYS } from "../spend/policy.js";
import { lineSchema, roleSchema } from "./parts.js";

/** All digits of the largest amount, of a currency with as many decimals as there may be. */
const AMOUNT_LENGTH = MAX_AMOUNT_MINOR.toString().length + 1;

/** A decimal amount; whether it fits its currency is checked where the currency is known. */
const amountTextSchema = z
  .string()
  .max(AMOUNT_LENGTH, `Expected at most ${AMOUNT_LENGTH} characters.`)
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

const namesSchema = (item: z.ZodString) =>
  z
    .array(item)
    .min(1, "Expected at least 1 entry. Leave the list out where there is none.")
    .max(LIMITS.spendListLength, `Expected at most ${LIMITS.spendListLength} entries.`);
const nameSchema = lineSchema(LIMITS.payeeLength);
const networkSchema = z
  .string()
  .regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/, {
    error: "Expected a network as CAIP-2 writes it, for example eip155:8453.",
  })
  .meta({ example: "eip155:8453" });
const timezoneSchema = z
  .string()
  .max(64, "Expected at most 64 characters.")
  .regex(/^[A-Za-z][\w+/-]*$/, { error: "Expected a time zone, for example Europe/Berlin." })
  .meta({ example: "Europe/Berlin" });
const windowSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
    error: "Expected a window of time as HH:MM-HH:MM, for example 09:00-17:30.",
  })
  .meta({ title: "Hours", example: "09:00-17:30" });
const windowsSchema = z.union([
  windowSchema,
  z.array(windowSchema).min(1).max(20).meta({ title: "Several stretches of hours" }),
]);

const limit = (title: string, description: string) =>
  amountTextSchema.optional().meta({ title, description });

const overrideSchema = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .max(7)
      .meta({ title: "Days", description: "The days of the week it is about." }),
    allow: windowsSchema.optional().meta({
      title: "Hours",
      description: "When money may be spent on these days, in the place of the default.",
    }),
    deny: z
      .literal(true)
      .optional()
      .meta({ title: "Nothing", description: "Nothing may be spent on these days." }),
    daily_limit: limit("Limit a day", "On these days, in the place of the policy's."),
  })
  .meta({ title: "Override" });

const scheduleSchema = z.strictObject({
  timezone: timezoneSchema.optional().meta({
    title: "Time zone",
    description: "The policy's, where both are given. Leave it out.",
  }),
  default: z
    .strictObject({
      allow: windowsSchema
        .optional()
        .meta({ title: "Hours", description: "Absent: at any time of these days." }),
    })
    .optional()
    .meta({ title: "Every day", description: "Days of which no override says when." }),
  overrides: z.array(overrideSchema).max(50).optional().meta({
    title: "Some days",
    description:
      "The first that names a day and says when decides on its hours; the first with a limit, on its limit.",
  }),
});

const autoApproveSchema = z.strictObject({
  enabled: z.boolean().meta({
    title: "Approve without a person",
    description: "Off: every purchase goes to a person.",
  }),
  max_amount: limit("Up to", "Absent: any amount within the limits."),
  categories: namesSchema(categorySchema)
    .optional()
    .meta({ title: "Categories", description: "Absent: every category." }),
});

const thresholdSchema = z.strictObject({
  amount: amountTextSchema.meta({
    title: "Above",
    description: "Purchases above it, not those equal to it, always go to a person.",
  }),
  role: roleSchema
    .optional()
    .meta({ title: "Role", description: "Who decides. Absent: any approver." }),
  quorum: z
    .int()
    .min(1)
    .max(LIMITS.quorum)
    .optional()
    .meta({ title: "People", description: "How many have to approve. Default 1." }),
});

const x402Schema = z.strictObject({
  allowed_networks: namesSchema(networkSchema).optional().meta({
    title: "Networks",
    description: "Where to pay, by CAIP-2. Absent: on any.",
  }),
  allowed_assets: namesSchema(nameSchema).optional().meta({
    title: "Tokens",
    description: "Addresses of token contracts. Absent: any. Letter case is ignored.",
  }),
  allowed_domains: namesSchema(nameSchema).optional().meta({
    title: "Hosts",
    description: "Who may be paid. *.example.com stands for all hosts below it. Absent: any.",
  }),
  blocked_domains: namesSchema(nameSchema).optional().meta({
    title: "Blocked hosts",
    description: "Never paid, whatever is allowed.",
  }),
  max_per_request: limit("Limit for one payment", "Beside the limit for one purchase."),
});

export const spendPolicySchema = z
  .strictObject({
    currency: currencySchema.meta({
      title: "Currency",
      description: "ISO 4217, or a stablecoin. A purchase in any other currency is refused.",
    }),
    timezone: timezoneSchema.optional().meta({
      title: "Time zone",
      description: "IANA. Where days, weeks (from Monday) and months begin. Default UTC.",
    }),
    per_request_limit: limit("Limit for one purchase", "The largest amount of one purchase."),
    daily_limit: limit("Limit a day", "Of what is held and spent in one day."),
    weekly_limit: limit("Limit a week", "Of what is held and spent from Monday to Sunday."),
    monthly_limit: limit("Limit a month", "Of what is held and spent in one calendar month."),
    total_limit: limit("Limit in all", "Of everything ever held or spent."),
    requests_per_minute: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .meta({ title: "Purchases a minute", description: "In any 60 seconds." }),
    requests_per_hour: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ title: "Purchases an hour", description: "In any 60 minutes." }),
    categories: namesSchema(categorySchema).optional().meta({
      title: "Categories",
      description: "The categories there are, in the place of Holdpoint's own list.",
    }),
    unknown_category: z.enum(["ask", "reject"]).optional().meta({
      title: "Unknown category",
      description: "What becomes of a purchase in another category. Default: a person is asked.",
    }),
    allowed_categories: namesSchema(categorySchema)
      .optional()
      .meta({ title: "Allowed categories", description: "Absent: every one." }),
    blocked_categories: namesSchema(categorySchema)
      .optional()
      .meta({ title: "Blocked categories", description: "Nothing is bought in them." }),
    allowed_payees: namesSchema(nameSchema).optional().meta({
      title: "Allowed payees",
      description:
        "With a list, a purchase that names no payee is refused. Letter case is ignored.",
    }),
    blocked_payees: namesSchema(nameSchema).optional().meta({
      title: "Blocked payees",
      description:
        "With a list, a purchase that names no payee is refused. Letter case is ignored.",
    }),
    schedule: scheduleSchema
      .optional()
      .meta({ title: "Schedule", description: "When money may be spent. Absent: at any time." }),
    auto_approve: autoApproveSchema
      .optional()
      .meta({ title: "Without a person", description: "Absent: every purchase goes to a person." }),
    approval_threshold: thresholdSchema
      .optional()
      .meta({ title: "Large purchases", description: "Who has to approve them." }),
    expiry_minutes: z
      .int()
      .min(5)
      .max(1_440)
      .optional()
      .meta({ title: "Minutes to decide", description: "How long a person has. Default 30." }),
    confirm_tolerance: limit(
      "Tolerance",
      "How much more than was approved may be confirmed. Default 0.",
    ),
    x402: x402Schema
      .optional()
      .meta({ title: "Payments by HTTP 402", description: "Bind them beside everything else." }),
  })
  .meta({
    title: "Spend policy",
    description:
      "What an agent, or all agents of a project together, may spend. Amounts are decimal texts in the policy's currency. A limit that is absent does not bind; a limit of 0 lets nothing through.",
  });

/** The policy as JSON Schema (2020-12), with the titles and descriptions of its form. */
export const spendPolicyJsonSchema: Readonly<Record<string, unknown>> =
  /* @__PURE__ */ z.toJSONSchema(spendPolicySchema, {
    target: "draft-2020-12",
    io: "input",
    // OpenAPI shows one `example`; JSON Schema knows `examples` only.
    override: ({ jsonSchema }) => {
      const schema = jsonSchema as Record<string, unknown>;
      if (schema.example === undefined) return;
      schema.examples = [schema.example];
      delete schema.example;
    },
  });
