import { LIMITS } from "@holdpoint/protocol";
import { leaseSchema, listLeasesSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireLease } from "./wire.js";

export const listLeasesOperation = operation({
  id: "listLeases",
  tag: "Gate",
  method: "get",
  path: "/v1/leases",
  audience: { operator: "member" },
  summary: "List leases",
  description: "Newest first, without their tokens.",
  query: listLeasesSchema,
  responses: { 200: { description: "A page of leases.", schema: listSchema(leaseSchema) } },
  async handle({ context, caller, query, mint }) {
    const { agent_id: agentId, status, limit = LIMITS.pageSize, cursor } = query;
    const page = await context.store.leases.list(caller.projectId, {
      ...(agentId !== undefined && { agentId }),
      ...(status === "live" && { liveAt: mint.now }),
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    const data = page.items.map((standing) => toWireLease(standing, mint.now));
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});
