import type { trySpendPolicySchema } from "@holdpoint/protocol/schemas";
import {
  type ChangedPurchase,
  type SpendPolicy,
  type TrySpendPolicyOptions,
  trySpendPolicy,
  type WireSpendPolicyTrial,
} from "@holdpoint/protocol/spend";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import type { ListedPastPurchase } from "../../store/verbs/spend-limits.js";
import { assertUsablePolicy } from "./policy.js";
import { loadTarget } from "./target.js";

/** Purchases looked at, those before the days asked for included: limits count them. */
const MAX_PURCHASES = 10_000;
/** Purchases named that would have ended otherwise. */
const MAX_CHANGED = 100;
const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * Plays what was bought again under a policy that is not in force. Nothing is changed.
 *
 * @throws {ProblemError} `SPEND_POLICY_INVALID`; `RESOURCE_NOT_FOUND`: no such agent.
 */
export async function tryPolicy(
  context: Context,
  caller: MemberCaller,
  input: z.output<typeof trySpendPolicySchema>,
): Promise<WireSpendPolicyTrial> {
  const policy = input.policy as SpendPolicy;
  assertUsablePolicy(policy);
  const { projectId, agentId } = await loadTarget(context, caller, input.agent_id);
  const sinceMs = context.clock.now() - (input.days ?? DEFAULT_DAYS) * DAY_MS;
  const newest = await context.store.spendPolicies.listPast(projectId, MAX_PURCHASES + 1);
  const purchases = newest.slice(0, MAX_PURCHASES).reverse();
  const trial = trySpendPolicy({
    policy,
    ...(agentId !== undefined && { agentId }),
    others: await loadOthers(context, projectId),
    purchases,
    sinceMs,
  });
  const isTruncated = newest.length > MAX_PURCHASES && (purchases[0]?.reservedAt ?? 0) >= sinceMs;
  return {
    since: new Date(sinceMs).toISOString(),
    purchases: trial.purchases,
    truncated: isTruncated,
    before: trial.before,
    after: trial.after,
    changed: trial.changed.slice(-MAX_CHANGED).reverse().map(toWireChange),
  };
}

/** What is in force beside the policy that is tried. */
async function loadOthers(
  { store }: Context,
  projectId: string,
): Promise<NonNullable<TrySpendPolicyOptions["others"]>> {
  const inForce = await store.spendPolicies.listInForce(projectId);
  const project = inForce.find(({ agent }) => agent === undefined)?.policy ?? undefined;
  const agents = inForce.flatMap(({ agent, policy }) =>
    agent === undefined || policy === null ? [] : [[agent.id, policy] as const],
  );
  return { ...(project !== undefined && { project }), agents: new Map(agents) };
}

function toWireChange(
  change: ChangedPurchase<ListedPastPurchase>,
): WireSpendPolicyTrial["changed"][number] {
  const { id, facts, merchantName, reservedAt } = change.purchase;
  return {
    id,
    at: new Date(reservedAt).toISOString(),
    amount: { amount_minor: Number(facts.amountMinor), currency: facts.currency },
    category: facts.category,
    ...(merchantName !== undefined && { merchant_name: merchantName }),
    before: change.before,
    after: change.after,
    checks: change.checks,
  };
}
