import type { setAgentLimitsSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import { dayOf } from "../../domain/gate/day.js";
import type { Mint } from "../../domain/mint.js";
import type { Agent } from "../../store/store.js";
import type { AgentIdentity, AgentLimits, AgentUse } from "../../store/verbs/identities.js";

/** An agent with what it may do and has done. */
export interface AgentDetails {
  readonly agent: Agent;
  readonly limits: AgentLimits;
  /** Of this day, UTC. */
  readonly used: AgentUse;
  readonly identities: readonly AgentIdentity[];
}

/** @throws {ProblemError} `RESOURCE_NOT_FOUND`. */
export async function loadAgentDetails(
  { store, clock }: Context,
  { projectId }: MemberCaller,
  agentId: string,
): Promise<AgentDetails> {
  const agent = assertFound(await store.agents.find(projectId, agentId), "an agent");
  const limits = (await store.agentLimits.find(projectId, agentId)) ?? {};
  const today = dayOf(clock.now());
  const [used, identities] = await Promise.all([
    store.agentLimits.usedOn(agentId, today, limits.maxCostPerDay?.currency),
    store.agentIdentities.list(projectId, agentId),
  ]);
  return { agent, limits, used, identities };
}

/**
 * Sets the most that an agent may have: what it calls from now on, and leases from the next on.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`.
 */
export async function setAgentLimits(
  context: Context,
  caller: MemberCaller,
  agentId: string,
  input: z.output<typeof setAgentLimitsSchema>,
  mint: Mint,
): Promise<AgentDetails> {
  const { scopes, max_calls_per_day: maxCallsPerDay, max_cost_per_day: maxCost } = input;
  const { projectId, operator } = caller;
  const limits = await context.store.agentLimits.set(projectId, agentId, {
    ...(scopes !== undefined && { scopes: [...new Set(scopes)].sort() }),
    ...(maxCallsPerDay !== undefined && { maxCallsPerDay }),
    ...(maxCost !== undefined && {
      maxCostPerDay: { amountMinor: maxCost.amount_minor, currency: maxCost.currency },
    }),
    eventId: mint.id("evt"),
    at: context.clock.now(),
    actor: operatorActor(operator),
  });
  assertFound(limits, "an agent");
  return loadAgentDetails(context, caller, agentId);
}
