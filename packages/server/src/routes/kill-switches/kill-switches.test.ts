import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, World } from "../testing/world.js";

let world: World;
let agentId: string;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
  agentId = (await world.call("GET", "/v1/me", { as: "agent" })).body.agent.id;
});
afterAll(() => world.controlPlane.close());

type As = keyof Credentials;

const turn = (body: object, as: As = "admin") =>
  world.call("PUT", "/v1/kill-switches", { as, body });
const list = async (as: As = "viewer") =>
  (await world.call("GET", "/v1/kill-switches", { as })).body.data;

async function buy(as: As = "agent") {
  const amount = { amount_minor: 1_250, currency: "EUR" };
  const body = { id: typeidUnboxed("req"), amount, category: "software" };
  return (await world.call("POST", "/v1/purchases", { as, body })).body;
}

describe("a kill switch", () => {
  it("is turned on by any approver, and off by an admin only", async () => {
    const on = await turn({ stopped: true, reason: "It runs wild." }, "approver");
    expect(on).toMatchObject({
      status: 200,
      body: {
        scope: "project",
        stopped: true,
        reason: "It runs wild.",
        changed_by: { name: "approver" },
      },
    });
    expect(await list()).toEqual([on.body]);
    for (const as of ["approver", "viewer", "finance"] as const) {
      expect(codeOf(await turn({ stopped: false }, as))).toBe("ROLE_REQUIRED");
    }
    expect(codeOf(await turn({ stopped: true }, "viewer"))).toBe("ROLE_REQUIRED");
    expect((await turn({ stopped: false })).body).toMatchObject({ stopped: false });
  });

  it("stops an agent, and no other", async () => {
    await turn({ agent_id: agentId, stopped: true });
    expect((await buy()).status).toBe("rejected");
    expect((await buy("otherAgent")).status).toBe("pending");
    await turn({ stopped: true });
    expect((await buy("otherAgent")).status).toBe("rejected");
    await turn({ stopped: false });
    await turn({ agent_id: agentId, stopped: false });
    expect((await buy()).status).toBe("pending");
  });

  it("lets nobody approve what was asked before", async () => {
    const { id } = await buy();
    await turn({ stopped: true });
    expect(codeOf(await world.decide(id, { decision: "approve", revision: 1 }))).toBe(
      "SPENDING_STOPPED",
    );
    expect((await world.decide(id, { decision: "reject", revision: 1 })).status).toBe(200);
  });

  it("is seen by the agents it binds, and by no other", async () => {
    const ofAgent = await turn({ agent_id: agentId, stopped: true });
    const ofProject = await turn({ stopped: true });
    expect(await list("agent")).toEqual([ofProject.body, ofAgent.body]);
    expect(await list("otherAgent")).toEqual([ofProject.body]);
    expect(await list("foreignAgent")).toEqual([]);
    expect(await list("foreignAdmin")).toEqual([]);
  });

  it("is there for agents of the project only", async () => {
    for (const as of ["admin", "foreignAdmin"] as const) {
      const agent_id = as === "admin" ? typeidUnboxed("agt") : agentId;
      expect(codeOf(await turn({ agent_id, stopped: true }, as))).toBe("RESOURCE_NOT_FOUND");
    }
    expect(await list()).toEqual([]);
  });
});
