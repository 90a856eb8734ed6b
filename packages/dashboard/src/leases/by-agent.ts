import type { WireLease } from "@holdpoint/protocol/gate";

export interface LeasesOfAgent {
  readonly agent: WireLease["agent"];
  readonly leases: readonly WireLease[];
}

/** Leases under the agents that have them, agents by name, leases in the order given. */
export function byAgent(leases: readonly WireLease[]): readonly LeasesOfAgent[] {
  const agents = new Map(leases.map(({ agent }) => [agent.id, agent]));
  return [...agents.values()]
    .map((agent) => ({ agent, leases: leases.filter((lease) => lease.agent.id === agent.id) }))
    .sort((a, b) => a.agent.name.localeCompare(b.agent.name));
}
