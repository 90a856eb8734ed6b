import { z } from "zod";
import { LIMITS } from "../limits.js";
import { MAX_AMOUNT_MINOR } from "../spend/amount.js";
import { currencyDecimals } from "../spend/currency.js";
import { SPEND_RULES, SPEND_SCOPES } from "../spend/policy.js";
import { HOLD_STATUSES, LEDGER_ACCOUNTS, LEDGER_KINDS, PURCHASE_STATUSES } from "../spend/wire.js";
import { jsonObject } from "./json.js";
import {
  digestSchema,
  fingerprintSchema,
  idSchema,
  lineSchema,
  reasonSchema,
  sensitiveSchema,
  timeSchema,
} from "./parts.js";
import { actorSchema, approvalSchema, payloadSchema } from "./request.js";
import { categorySchema, currencySchema, spendPolicySchema } from "./spend-policy.js";

const knownCurrencySchema = currencySchema.refine((code) => currencyDecimals(code) !== undefined, {
  error: "Expected a currency of ISO 4217, for example EUR, or a stablecoin, for example USDC.",
});
const minorSchema = z.int().min(0).max(Number(MAX_AMOUNT_MINOR));
const moreThanNothingSchema = z.int().min(1).max(Number(MAX_AMOUNT_MINOR));

/** More than nothing. */
export const amountSchema = z
  .strictObject({ amount_minor: moreThanNothingSchema, currency: knownCurrencySchema })
  .meta({ example: { amount_minor: 1250, currency: "EUR" } });
/** As answered; balances may be larger than one amount, and below 0 after a late confirmation. */
export const moneySchema = z.object({ amount_minor: z.int(), currency: z.string() });

const freeTextSchema = z
  .string()
  .max(LIMITS.purchaseTextLength, `Expected at most ${LIMITS.purchaseTextLength} characters.`);
const payeeSchema = lineSchema(LIMITS.payeeLength);
const purchaseIdSchema = idSchema("request");
const scopeSchema = z.enum(SPEND_SCOPES);
const holderSchema = z.object({ id: z.string(), name: z.string() });
const httpUrlSchema = z
  .url({ protocol: /^https?$/, error: "Expected an http or https URL." })
  .max(LIMITS.webhookUrlLength, `Expected at most ${LIMITS.webhookUrlLength} characters.`);

export const purchaseDetailsSchema = z.strictObject({
  description: freeTextSchema.optional(),
  comment: freeTextSchema.optional(),
  metadata: jsonObject(LIMITS.metadataBytes).optional(),
});

export const paymentChallengeSchema = z.strictObject({
  network: lineSchema(LIMITS.payeeLength),
  asset: lineSchema(LIMITS.payeeLength),
  pay_to: payeeSchema,
  resource_url: httpUrlSchema,
  asset_amount: z.string().regex(/^(0|[1-9]\d{0,77})$/, { error: "Expected decimal digits." }),
  scheme: lineSchema(LIMITS.nameLength),
  digest: digestSchema,
});

/** `details` is checked against {@link purchaseDetailsSchema} where it is not encrypted. */
export const createPurchaseSchema = z.strictObject({
  id: purchaseIdSchema,
  amount: amountSchema,
  category: categorySchema,
  merchant_name: lineSchema(LIMITS.payeeLength).optional(),
  payee: payeeSchema.optional(),
  details: payloadSchema.optional(),
  encrypted: z.boolean().optional(),
  fingerprint: fingerprintSchema.optional(),
  sensitive: sensitiveSchema.optional(),
  x402: paymentChallengeSchema.optional(),
  agent_label: lineSchema(LIMITS.agentLabelLength).optional(),
  environment: lineSchema(LIMITS.environmentLength).optional(),
  run_id: lineSchema(LIMITS.runIdLength).optional(),
  parent_request_id: purchaseIdSchema.optional(),
});

export const confirmPurchaseSchema = z
  .strictObject({
    success: z.boolean(),
    actual_amount: amountSchema.optional(),
    receipt_url: httpUrlSchema.optional(),
    external_id: lineSchema(LIMITS.externalIdLength).optional(),
  })
  .refine(({ success, actual_amount }) => success || actual_amount === undefined, {
    path: ["actual_amount"],
    error: "Expected no actual_amount beside success: false, which says that nothing was paid.",
  });

export const refundPurchaseSchema = z.strictObject({
  id: idSchema("refund"),
  amount: amountSchema,
  reason: reasonSchema.optional(),
});

export const spendCheckSchema = z.object({
  rule: z.enum(SPEND_RULES),
  scope: scopeSchema,
  result: z.enum(["pass", "fail", "ask"]),
  detail: z.string(),
});

export const purchaseSchema = z.object({
  id: purchaseIdSchema,
  project_id: idSchema("project"),
  agent: z.object({ id: idSchema("agent"), name: z.string() }),
  status: z.enum(PURCHASE_STATUSES),
  hold: z.enum(HOLD_STATUSES),
  amount: moneySchema,
  approved_amount: moneySchema.optional(),
  actual_amount: moneySchema.optional(),
  refunded_amount: moneySchema.optional(),
  category: z.string(),
  merchant_name: z.string().optional(),
  payee: z.string().optional(),
  details: z.unknown().optional(),
  encrypted: z.boolean(),
  x402: paymentChallengeSchema.optional(),
  policy_check: z.object({ passed: z.boolean(), checks: z.array(spendCheckSchema) }),
  budget_remaining: moneySchema.nullable(),
  created_at: timeSchema,
  expires_at: timeSchema.optional(),
  hold_expires_at: timeSchema.optional(),
  confirmed_at: timeSchema.optional(),
  late: z.literal(true).optional(),
  receipt_url: z.string().optional(),
  external_id: z.string().optional(),
  reason: z.string().optional(),
  decided_by: actorSchema.optional(),
  quorum: z.int().optional(),
  approvals: z.array(approvalSchema).optional(),
  url: z.string(),
});

/** Query of `GET /v1/purchases`. Several statuses are separated by commas. */
export const listPurchasesSchema = z.strictObject({
  status: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(PURCHASE_STATUSES)).min(1))
    .optional(),
  category: z.string().max(LIMITS.categoryLength).optional(),
  currency: z.string().max(5).optional(),
  agent_id: idSchema("agent").optional(),
  /** Only purchases made at this time or later. */
  since: timeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});

export const setBudgetSchema = z
  .strictObject({
    scope: scopeSchema,
    agent_id: idSchema("agent").optional(),
    currency: knownCurrencySchema,
    amount_minor: minorSchema.nullable(),
  })
  .refine(({ scope, agent_id }) => (scope === "agent") === (agent_id !== undefined), {
    path: ["agent_id"],
    error: "Expected agent_id with the scope agent, and only there.",
  });

export const budgetSchema = z.object({
  id: idSchema("budget"),
  scope: scopeSchema,
  agent: holderSchema.optional(),
  organisation: holderSchema.optional(),
  currency: z.string(),
  allocated: moneySchema.nullable(),
  held: moneySchema,
  spent: moneySchema,
  available_minor: z.int().nullable(),
  updated_at: timeSchema,
});

export const ledgerEntrySchema = z.object({
  id: idSchema("ledgerEntry"),
  budget_id: idSchema("budget"),
  kind: z.enum(LEDGER_KINDS),
  from: z.enum(LEDGER_ACCOUNTS),
  to: z.enum(LEDGER_ACCOUNTS),
  amount: moneySchema,
  at: timeSchema,
  actor: actorSchema,
  request_id: purchaseIdSchema.optional(),
  receipt_id: idSchema("receipt").optional(),
});

/** Query of `GET /v1/budgets/:id/entries`. */
export const listLedgerEntriesSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
});

export const burnDownSchema = z.object({
  budget_id: idSchema("budget"),
  currency: z.string(),
  points: z.array(
    z.object({
      at: timeSchema,
      reserved_minor: z.int(),
      spent_minor: z.int(),
      refunded_minor: z.int(),
      available_minor: z.int().nullable(),
    }),
  ),
});

/** Query of `GET /v1/budgets/:id/burn-down`. */
export const getBurnDownSchema = z.strictObject({
  days: z.coerce.number().int().min(1).max(90).optional(),
});

export const setSpendPolicySchema = z.strictObject({
  agent_id: idSchema("agent").optional(),
  policy: spendPolicySchema.nullable(),
});

export const storedSpendPolicySchema = z.object({
  id: idSchema("spendPolicy"),
  scope: z.enum(["agent", "project"]),
  agent: holderSchema.optional(),
  revision: z.int().min(1),
  policy: spendPolicySchema.nullable(),
  summary: z.array(z.string()),
  warnings: z.array(z.string()),
  created_at: timeSchema,
  created_by: actorSchema,
});

/** Query of `GET /v1/spend-policies`: those in force, or with `history` every revision of one. */
export const listSpendPoliciesSchema = z.strictObject({
  /** An agent's; the word `project` for the project's. Absent: all of them. */
  of: z.union([idSchema("agent"), z.literal("project")]).optional(),
  history: z.literal("true").optional(),
});

export const trySpendPolicySchema = z.strictObject({
  agent_id: idSchema("agent").optional(),
  policy: spendPolicySchema,
  days: z.int().min(1).max(90).optional(),
});

const outcomeSchema = z.enum(["auto_approved", "pending", "rejected"]);
const outcomesSchema = z.object({
  auto_approved: z.int(),
  pending: z.int(),
  rejected: z.int(),
});
export const spendPolicyTrialSchema = z.object({
  since: timeSchema,
  purchases: z.int(),
  truncated: z.boolean(),
  before: outcomesSchema,
  after: outcomesSchema,
  changed: z.array(
    z.object({
      id: purchaseIdSchema,
      at: timeSchema,
      amount: moneySchema,
      category: z.string(),
      merchant_name: z.string().optional(),
      before: outcomeSchema,
      after: outcomeSchema,
      checks: z.array(spendCheckSchema),
    }),
  ),
});

export const setKillSwitchSchema = z.strictObject({
  agent_id: idSchema("agent").optional(),
  stopped: z.boolean(),
  reason: reasonSchema.optional(),
});

export const killSwitchSchema = z.object({
  scope: z.enum(["agent", "project"]),
  agent: holderSchema.optional(),
  stopped: z.boolean(),
  reason: z.string().optional(),
  changed_at: timeSchema,
  changed_by: actorSchema,
});
