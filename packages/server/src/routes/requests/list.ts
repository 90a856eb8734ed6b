import { LIMITS } from "@holdpoint/protocol";
import { listRequestsSchema, listSchema, requestSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { AgentCaller, MemberCaller } from "../../domain/caller.js";
import { operation } from "../../http/operation.js";
import type { RequestQuery } from "../../store/store.js";
import { toWireRequest } from "./wire.js";

export const listRequestsOperation = operation({
  id: "listRequests",
  tag: "Requests",
  method: "get",
  path: "/v1/requests",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List requests",
  description:
    "An agent sees its own requests. Payload, edit, diff and schema are left out unless `include=payload`.",
  query: listRequestsSchema,
  responses: { 200: { description: "A page of requests.", schema: listSchema(requestSchema) } },
  async handle({ context, caller, query }) {
    if (context.expiry.isDue) await context.expiry.sweep();
    if (context.leases.isDue) await context.leases.sweep();
    const page = await context.store.requests.list(caller.projectId, queryOf(caller, query));
    const data = page.items.map((request) => toWireRequest(request, context.publicUrl()));
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});

function queryOf(
  caller: AgentCaller | MemberCaller,
  query: z.output<typeof listRequestsSchema>,
): RequestQuery {
  const { status, priority, run_id, agent_id, order, include, limit, ...same } = query;
  const given = {
    ...same,
    statuses: status,
    priorities: priority,
    runId: run_id,
    agentId: agent_id,
  };
  return {
    ...(withoutUndefined(given) as Partial<RequestQuery>),
    order: order ?? "newest",
    includePayload: include === "payload",
    limit: limit ?? LIMITS.pageSize,
    // Last, so that no filter an agent sends can widen what it sees.
    ...(caller.type === "agent" && { agentId: caller.agent.id }),
  };
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
