import { budgetSchema, setBudgetSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { setBudget } from "../../pipeline/limits/budget.js";
import { toWireBudget } from "./wire.js";

export const setBudgetOperation = operation({
  id: "setBudget",
  tag: "Spend",
  method: "put",
  path: "/v1/budgets",
  audience: { operator: "admin" },
  summary: "Set a budget",
  description:
    "In all, not in addition, and never below what is held and spent; `null` takes it away, and then only policies limit. The organisation's is set by an admin of all its projects.",
  body: setBudgetSchema,
  example: { scope: "project", currency: "EUR", amount_minor: 250_000 },
  responses: { 200: { description: "The budget.", schema: budgetSchema } },
  async handle({ context, caller, body }) {
    return { status: 200, body: toWireBudget(await setBudget(context, caller, body)) };
  },
});
