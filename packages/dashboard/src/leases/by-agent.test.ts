import type { WireLease } from "@holdpoint/protocol/gate";
import { expect, it } from "vitest";
import { byAgent } from "./by-agent.js";

it("puts leases under their agents, agents by name", () => {
  const lease = (id: string, name: string) => ({ id, agent: { id: `agt_${name}`, name } });
  const leases = [lease("a", "writer"), lease("b", "buyer"), lease("c", "writer")] as WireLease[];
  expect(
    byAgent(leases).map(({ agent, leases: own }) => [agent.name, own.map(({ id }) => id)]),
  ).toEqual([
    ["buyer", ["b"]],
    ["writer", ["a", "c"]],
  ]);
});
