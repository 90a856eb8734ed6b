import type { Purchase } from "@holdpoint/sdk";
import type { SpendAnswer, SpendLimits } from "@holdpoint/sdk/adapter";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";

/** What `request_purchase`, `check_purchase` and `confirm_purchase` answer with, for programs. */
export const PURCHASE_SCHEMA = z.object({
  status: z.enum([
    "auto_approved",
    "approved",
    "pending",
    "rejected",
    "expired",
    "cancelled",
    "completed",
    "failed",
  ] as const satisfies readonly Purchase["status"][]),
  request_id: z.string(),
  amount: z.string().describe("As it was asked. A decimal text, as all amounts are."),
  approved_amount: z.string().optional().describe("What may be paid at most; only when approved."),
  actual_amount: z.string().optional().describe("What was paid, once confirmed."),
  currency: z.string(),
  category: z.string(),
  merchant_name: z.string().optional(),
  payee: z.string().optional(),
  budget_remaining: z.string().nullable().describe("null where there is no budget."),
  checks: z
    .array(
      z.object({ rule: z.string(), scope: z.string(), result: z.string(), detail: z.string() }),
    )
    .describe("Every rule it was judged by."),
  reason: z.string().optional().describe("The person's words."),
  url: z.string().describe("Where a person decides it."),
});

/** What `check_budget` answers with, for programs. */
export const LIMITS_SCHEMA = z.object({
  budgets: z.array(
    z.object({
      scope: z.string(),
      currency: z.string(),
      allocated: z.string().nullable(),
      held: z.string(),
      spent: z.string(),
      available: z.string().nullable(),
    }),
  ),
  policies: z.array(z.object({ scope: z.string(), summary: z.array(z.string()) })),
  categories: z.array(z.string()),
});

/** The answer for the model, and the same for programs. */
export function describeSpending({ text, purchase, limits, error }: SpendAnswer): CallToolResult {
  if (error !== undefined) return toError(text);
  if (limits !== undefined) return toResult(text, listLimits(limits));
  // Without a purchase it is a failure that is not Holdpoint's.
  if (purchase === undefined) return toError(text);
  const result = toResult(
    purchase.status === "pending" ? `${text}\n${stillPending()}` : text,
    describePurchase(purchase),
  );
  return REFUSED.includes(purchase.status) ? { ...result, isError: true } : result;
}

/** A failure as MCP tells it. */
export function toError(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

const REFUSED: readonly Purchase["status"][] = ["rejected", "expired", "cancelled"];

/** With the time: hosts end a run whose tool gives the same answer again and again. */
function stillPending(): string {
  return `At ${new Date().toISOString()} nobody had decided.`;
}

function describePurchase(purchase: Purchase): z.infer<typeof PURCHASE_SCHEMA> {
  const { status, requestId, amount, currency, category, budgetRemaining, url } = purchase;
  const { approvedAmount, actualAmount, merchantName, payee, reason, policyCheck } = purchase;
  return {
    status,
    request_id: requestId,
    amount,
    ...(approvedAmount !== undefined && { approved_amount: approvedAmount }),
    ...(actualAmount !== undefined && { actual_amount: actualAmount }),
    currency,
    category,
    ...(merchantName !== undefined && { merchant_name: merchantName }),
    ...(payee !== undefined && { payee }),
    budget_remaining: budgetRemaining,
    checks: policyCheck.checks.map(({ rule, scope, result, detail }) => ({
      rule,
      scope,
      result,
      detail,
    })),
    ...(reason !== undefined && { reason }),
    url,
  };
}

function listLimits(limits: SpendLimits): z.infer<typeof LIMITS_SCHEMA> {
  return {
    budgets: limits.budgets.map(({ scope, currency, allocated, held, spent, available }) => ({
      scope,
      currency,
      allocated,
      held,
      spent,
      available,
    })),
    policies: limits.policies.map(({ scope, summary }) => ({ scope, summary: [...summary] })),
    categories: [...limits.categories],
  };
}

function toResult(text: string, structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent };
}
