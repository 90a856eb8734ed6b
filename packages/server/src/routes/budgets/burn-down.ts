import { burnDownSchema, getBurnDownSchema } from "@holdpoint/protocol/schemas";
import { burnDown, firstDayOf } from "../../domain/budgets/burn-down.js";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { budgetPath } from "./path.js";
import { toWirePoint } from "./wire.js";

const DEFAULT_DAYS = 30;

export const getBurnDownOperation = operation({
  id: "getBurnDown",
  tag: "Spend",
  method: "get",
  path: "/v1/budgets/{id}/burn-down",
  audience: { operator: "member" },
  summary: "Read a budget's spending by day",
  description: `One point for each day of UTC, oldest first, today's included; ${DEFAULT_DAYS} days unless \`days\` says otherwise.`,
  params: budgetPath,
  query: getBurnDownSchema,
  responses: { 200: { description: "Spending by day.", schema: burnDownSchema } },
  async handle({ context, caller, params, query: { days = DEFAULT_DAYS } }) {
    const now = context.clock.now();
    const { budgets } = context.store;
    const summed = await budgets.sumDays(caller.projectId, params.id, firstDayOf(days, now));
    const { budget, movements } = assertFound(summed, "a budget");
    const points = burnDown({ standing: budget, movements, days, now });
    return {
      status: 200,
      body: { budget_id: budget.id, currency: budget.currency, points: points.map(toWirePoint) },
    };
  },
});
