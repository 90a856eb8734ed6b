import type { WireAgentDetails, WireAgentLimits } from "@holdpoint/protocol/gate";
import type { AgentDetails } from "../../pipeline/identity/agent-details.js";
import type { AgentLimits } from "../../store/verbs/identities.js";
import { toWireIdentity } from "../agent-identities/wire.js";
import { wireTime } from "../time.js";

export function toWireAgentDetails(details: AgentDetails): WireAgentDetails {
  const { agent, limits, used, identities } = details;
  return {
    id: agent.id,
    name: agent.name,
    created_at: wireTime(agent.createdAt),
    limits: toWireLimits(limits),
    used: { calls: used.calls, ...(used.cost && { cost: toWireMoney(used.cost) }) },
    identities: identities.map(toWireIdentity),
  };
}

function toWireLimits({ scopes, maxCallsPerDay, maxCostPerDay }: AgentLimits): WireAgentLimits {
  return {
    ...(scopes !== undefined && { scopes }),
    ...(maxCallsPerDay !== undefined && { max_calls_per_day: maxCallsPerDay }),
    ...(maxCostPerDay !== undefined && { max_cost_per_day: toWireMoney(maxCostPerDay) }),
  };
}

function toWireMoney({ amountMinor, currency }: { amountMinor: number; currency: string }) {
  return { amount_minor: amountMinor, currency };
}
