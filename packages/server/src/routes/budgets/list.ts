import { budgetSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireBudget } from "./wire.js";

export const listBudgetsOperation = operation({
  id: "listBudgets",
  tag: "Spend",
  method: "get",
  path: "/v1/budgets",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List budgets",
  description:
    "From the outermost scope inwards. An operator sees those of the project, its agents and its organisation; an agent those that a purchase of its has to fit, also where nothing was allocated or spent yet.",
  responses: { 200: { description: "Budgets.", schema: listSchema(budgetSchema) } },
  async handle({ context, caller }) {
    const { store, clock } = context;
    const { projectId } = caller;
    const budgets =
      caller.type === "operator"
        ? await store.budgets.list(projectId)
        : await store.budgets.listChain({ id: caller.agent.id, projectId }, clock.now());
    return { status: 200, body: { data: budgets.map(toWireBudget), next_cursor: null } };
  },
});
