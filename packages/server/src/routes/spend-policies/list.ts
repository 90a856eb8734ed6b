import {
  listSchema,
  listSpendPoliciesSchema,
  storedSpendPolicySchema,
} from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { AgentCaller, MemberCaller } from "../../domain/caller.js";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import type { SpendPolicyRevision, SpendPolicyStore } from "../../store/verbs/spend-limits.js";
import { toWireSpendPolicy } from "./wire.js";

/** Revisions of a history: older ones are kept, and not shown. */
const MAX_HISTORY = 100;

export const listSpendPoliciesOperation = operation({
  id: "listSpendPolicies",
  tag: "Spend",
  method: "get",
  path: "/v1/spend-policies",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List spend policies",
  description: `Those in force, the project's first; an agent sees those that bind it. With \`of\`, an agent's or the project's; with \`history\` beside it, its newest ${MAX_HISTORY} revisions, newest first.`,
  query: listSpendPoliciesSchema,
  responses: {
    200: { description: "Spend policies.", schema: listSchema(storedSpendPolicySchema) },
  },
  async handle({ context, caller, query }) {
    const revisions = await loadRevisions(context.store.spendPolicies, caller, query);
    const data = revisions.filter(visibleTo(caller)).map(toWireSpendPolicy);
    return { status: 200, body: { data, next_cursor: null } };
  },
});

async function loadRevisions(
  store: SpendPolicyStore,
  { projectId }: AgentCaller | MemberCaller,
  { of, history }: z.output<typeof listSpendPoliciesSchema>,
): Promise<readonly SpendPolicyRevision[]> {
  if (history === undefined) {
    const inForce = await store.listInForce(projectId);
    return of === undefined
      ? inForce
      : inForce.filter(({ agent }) => (agent?.id ?? "project") === of);
  }
  if (of === undefined) throw whoseHistory();
  const target = of === "project" ? { projectId } : { projectId, agentId: of };
  return store.listHistory(target, MAX_HISTORY);
}

function visibleTo(caller: AgentCaller | MemberCaller) {
  return ({ agent }: SpendPolicyRevision) =>
    caller.type === "operator" || agent === undefined || agent.id === caller.agent.id;
}

function whoseHistory(): ProblemError {
  const message = "Expected it beside history: the id of an agent, or the word project.";
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `?of: ${message}`,
    issues: [{ path: "?of", message }],
  });
}
