import { LIMITS } from "@holdpoint/protocol";
import { listPurchasesSchema, listSchema, purchaseSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { AgentCaller, MemberCaller } from "../../domain/caller.js";
import { operation } from "../../http/operation.js";
import { sweepSpend } from "../../pipeline/spend/load.js";
import type { PurchaseQuery } from "../../store/verbs/purchases.js";
import { toWirePurchase } from "./wire.js";

export const listPurchasesOperation = operation({
  id: "listPurchases",
  tag: "Spend",
  method: "get",
  path: "/v1/purchases",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List purchases",
  description: "Newest first. An agent sees its own. `details` are left out.",
  query: listPurchasesSchema,
  responses: { 200: { description: "A page of purchases.", schema: listSchema(purchaseSchema) } },
  async handle({ context, caller, query }) {
    await sweepSpend(context);
    const page = await context.store.purchases.list(caller.projectId, queryOf(caller, query));
    const data = page.items.map((purchase) => toWirePurchase(purchase, context.publicUrl()));
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});

function queryOf(
  caller: AgentCaller | MemberCaller,
  query: z.output<typeof listPurchasesSchema>,
): PurchaseQuery {
  const { status, category, currency, agent_id, since, limit, cursor } = query;
  return {
    ...(status !== undefined && { statuses: status }),
    ...(category !== undefined && { category }),
    ...(currency !== undefined && { currency }),
    ...(agent_id !== undefined && { agentId: agent_id }),
    ...(since !== undefined && { since: Date.parse(since) }),
    limit: limit ?? LIMITS.pageSize,
    ...(cursor !== undefined && { cursor }),
    // Last, so that no filter an agent sends can widen what it sees.
    ...(caller.type === "agent" && { agentId: caller.agent.id }),
  };
}
