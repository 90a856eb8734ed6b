import { LIMITS } from "@holdpoint/protocol";
import { escrowSchema, listEscrowsSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { sweepEscrows } from "../../pipeline/spend/escrow/load.js";
import { toWireEscrow } from "./wire.js";

export const listEscrowsOperation = operation({
  id: "listEscrows",
  tag: "Escrows",
  method: "get",
  path: "/v1/escrows",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List escrows",
  description:
    "Newest first. An agent sees those it pays and those it is paid by. With `root_escrow_id` those of one chain of hand-offs: the answer, saved, is what `holdpoint verify` follows from end to end.",
  query: listEscrowsSchema,
  responses: { 200: { description: "A page of escrows.", schema: listSchema(escrowSchema) } },
  async handle({ context, caller, query }) {
    await sweepEscrows(context);
    const { root_escrow_id: rootId, limit, cursor } = query;
    const agentId = caller.type === "agent" ? caller.agent.id : query.agent_id;
    const page = await context.store.escrows.list(caller.projectId, {
      ...(agentId !== undefined && { agentId }),
      ...(rootId !== undefined && { rootId }),
      ...(cursor !== undefined && { cursor }),
      limit: limit ?? LIMITS.pageSize,
    });
    const data = page.items.map((escrow) => toWireEscrow(escrow, context.publicUrl()));
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});
