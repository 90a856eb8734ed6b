import type { WireAgent } from "@holdpoint/protocol";
import type { WireBudget, WireKillSwitch } from "@holdpoint/protocol/spend";
import { expect, it } from "vitest";
import { arrangeHolders } from "./tree.js";

const agent = (name: string) => ({ id: `agt_${name}`, name }) as WireAgent;
const budget = (scope: WireBudget["scope"], currency: string, owner?: string) =>
  ({
    id: `bgt_${scope}_${currency}_${owner}`,
    scope,
    currency,
    ...(scope === "agent" && { agent: { id: `agt_${owner}`, name: owner } }),
    ...(scope === "organisation" && { organisation: { id: "org_1", name: owner } }),
  }) as WireBudget;
const stop = (stopped: boolean, owner?: string) =>
  ({
    scope: owner === undefined ? "project" : "agent",
    ...(owner && { agent: { id: `agt_${owner}`, name: owner } }),
    stopped,
  }) as WireKillSwitch;

it("nests budgets as they bind, currencies and agents in order", () => {
  const tree = arrangeHolders({
    project: { id: "prj_1", name: "Acme" },
    organisations: [],
    agents: [agent("zoe"), agent("bob")],
    budgets: [
      budget("agent", "USDC", "zoe"),
      budget("agent", "EUR", "zoe"),
      budget("project", "EUR"),
      budget("organisation", "EUR", "Acme Group"),
      budget("agent", "EUR", "bob"),
    ],
    switches: [],
  });
  expect(tree.organisation).toMatchObject({ name: "Acme Group", scope: "organisation" });
  expect(tree.project.budgets.map(({ currency }) => currency)).toEqual(["EUR"]);
  expect(tree.agents.map(({ name }) => name)).toEqual(["bob", "zoe"]);
  expect(tree.agents[1]?.budgets.map(({ currency }) => currency)).toEqual(["EUR", "USDC"]);
});

it("shows the organisation of the project before it has a budget", () => {
  const organisations = ["prj_2", "prj_1"].map((id) => ({
    id: `org_${id}`,
    name: id,
    projects: [{ id, name: id }],
    created_at: "",
  }));
  const project = { id: "prj_1", name: "Acme" };
  const tree = arrangeHolders({ project, organisations, agents: [], budgets: [], switches: [] });
  expect(tree.organisation).toMatchObject({ key: "org_prj_1", budgets: [] });
});

it("shows a stopped agent even where it never had money, and keeps others apart", () => {
  const tree = arrangeHolders({
    project: { id: "prj_1", name: "Acme" },
    organisations: [],
    agents: [agent("zoe"), agent("bob")],
    budgets: [],
    switches: [stop(true, "zoe"), stop(false, "bob"), stop(true)],
  });
  expect(tree.agents.map(({ name }) => name)).toEqual(["zoe"]);
  expect(tree.idle.map(({ name }) => name)).toEqual(["bob"]);
  expect(tree.project.stop).toBeDefined();
  expect(tree.organisation).toBeUndefined();
});
