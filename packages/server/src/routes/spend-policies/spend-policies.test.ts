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

const set = (body: object, as: As = "admin") =>
  world.call("POST", "/v1/spend-policies", { as, body });
const list = (query = "", as: As = "admin") =>
  world.call("GET", `/v1/spend-policies${query}`, { as });
const tryOut = (body: object, as: As = "viewer") =>
  world.call("POST", "/v1/spend-policies/try", { as, body });

async function buy(amount_minor: number, fields: object = {}): Promise<string> {
  const body = {
    id: typeidUnboxed("req"),
    amount: { amount_minor, currency: "EUR" },
    category: "software",
    ...fields,
  };
  const reply = await world.call("POST", "/v1/purchases", { as: "agent", body });
  if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
  return reply.body.id;
}

const POLICY = { currency: "EUR", daily_limit: "100.00", auto_approve: { enabled: true } };

describe("a spend policy", () => {
  it("is set, told in plain words, and in force from then on", async () => {
    const { status, body } = await set({ policy: POLICY });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      scope: "project",
      revision: 1,
      policy: POLICY,
      created_by: { type: "operator", name: "Ada" },
    });
    expect(body.summary.join(" ")).toContain("100.00 EUR a day");
    expect((await list()).body.data).toEqual([body]);
  });

  it("has a revision for each change, and one that takes it away", async () => {
    const first = await set({ agent_id: agentId, policy: POLICY });
    const second = await set({ agent_id: agentId, policy: null });
    expect(second.body).toMatchObject({ revision: 2, policy: null, summary: [], warnings: [] });
    expect((await list()).body.data).toEqual([]);
    const history = await list(`?of=${agentId}&history=true`);
    expect(history.body.data).toEqual([second.body, first.body]);
    expect(codeOf(await list("?history=true"))).toBe("VALIDATION_FAILED");
  });

  it("is made once per idempotency key", async () => {
    const headers = { "idempotency-key": "the-key" };
    const call = () =>
      world.call("POST", "/v1/spend-policies", { as: "admin", headers, body: { policy: POLICY } });
    expect((await call()).body).toEqual((await call()).body);
    expect((await list("?of=project&history=true")).body.data).toHaveLength(1);
  });

  it("warns of what may not be meant, and is kept", async () => {
    const policy = { ...POLICY, per_request_limit: "500.00" };
    const { status, body } = await set({ policy });
    expect(status).toBe(201);
    expect(body.warnings.length).toBeGreaterThan(0);
  });

  it.each([
    ["more decimals than the currency has", { daily_limit: "1.005" }, "/policy/daily_limit"],
    ["a currency that does not exist", { currency: "XXZ" }, "/policy/currency"],
    ["a time zone that does not exist", { timezone: "Europe/Atlantis" }, "/policy/timezone"],
  ])("with %s is refused, and where is said", async (_name, fields, path) => {
    const body = { policy: { ...POLICY, ...fields } };
    for (const reply of [await set(body), await tryOut(body)]) {
      expect([reply.status, codeOf(reply)]).toEqual([422, "SPEND_POLICY_INVALID"]);
      expect(reply.body.issues[0].path).toBe(path);
    }
    expect((await list()).body.data).toEqual([]);
  });

  it("is refused where its form is not a policy's", async () => {
    const reply = await set({ policy: { ...POLICY, daily_limit: 100 } });
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
  });

  it("is set for agents of the project only", async () => {
    for (const id of [typeidUnboxed("agt"), await foreignAgent()]) {
      expect(codeOf(await set({ agent_id: id, policy: POLICY }))).toBe("RESOURCE_NOT_FOUND");
      expect(codeOf(await tryOut({ agent_id: id, policy: POLICY }))).toBe("RESOURCE_NOT_FOUND");
    }
  });

  it("[G5] is seen by the agents it binds, and by no other", async () => {
    const ofProject = await set({ policy: POLICY });
    const ofAgent = await set({ agent_id: agentId, policy: POLICY });
    expect((await list("", "agent")).body.data).toEqual([ofProject.body, ofAgent.body]);
    expect((await list("", "otherAgent")).body.data).toEqual([ofProject.body]);
    expect((await list("", "foreignAgent")).body.data).toEqual([]);
    for (const query of [`?of=${agentId}`, `?of=${agentId}&history=true`]) {
      expect((await list(query, "agent")).body.data).toEqual([ofAgent.body]);
      expect((await list(query, "otherAgent")).body.data).toEqual([]);
      expect((await list(query, "foreignAdmin")).body.data).toEqual([]);
    }
    expect((await list("?of=project")).body.data).toEqual([ofProject.body]);
  });

  it("decides on the next purchase", async () => {
    await set({ policy: POLICY });
    const statusOf = async (id: string) =>
      (await world.call("GET", `/v1/purchases/${id}`, { as: "agent" })).body.status;
    expect(await statusOf(await buy(6_000))).toBe("auto_approved");
    expect(await statusOf(await buy(6_000))).toBe("rejected");
    await set({ policy: null });
    expect(await statusOf(await buy(6_000))).toBe("pending");
  });
});

describe("trying a spend policy", () => {
  it("says what would have become of what was bought, and changes nothing", async () => {
    await set({ policy: POLICY });
    await buy(1_000, { merchant_name: "Shop" });
    const larger = await buy(3_000, { merchant_name: "Larger Shop" });
    const stricter = { ...POLICY, auto_approve: { enabled: true, max_amount: "20.00" } };
    const { status, body } = await tryOut({ policy: stricter });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      purchases: 2,
      truncated: false,
      before: { auto_approved: 2, pending: 0, rejected: 0 },
      after: { auto_approved: 1, pending: 1, rejected: 0 },
      changed: [
        {
          id: larger,
          amount: { amount_minor: 3_000, currency: "EUR" },
          merchant_name: "Larger Shop",
          before: "auto_approved",
          after: "pending",
          checks: [{ rule: "auto_approve", scope: "project", result: "ask" }],
        },
      ],
    });
    expect((await list()).body.data[0].policy).toEqual(POLICY);
  });

  it("looks back as many days as it is asked to", async () => {
    await set({ policy: POLICY });
    await buy(1_000);
    world.clock.advance(10 * 86_400_000);
    await buy(1_000);
    const purchases = async (days?: number) =>
      (await tryOut({ policy: POLICY, ...(days !== undefined && { days }) })).body.purchases;
    expect(await purchases()).toBe(2);
    expect(await purchases(5)).toBe(1);
    expect(codeOf(await tryOut({ policy: POLICY, days: 91 }))).toBe("VALIDATION_FAILED");
  });

  it("of one agent judges that agent, beside the project's policy", async () => {
    await set({ policy: POLICY });
    await buy(1_000);
    const of = async (agent_id: string) =>
      (await tryOut({ agent_id, policy: { ...POLICY, per_request_limit: "5.00" } })).body;
    expect(await of(agentId)).toMatchObject({ purchases: 1, after: { rejected: 1 } });
    const other = (await world.call("GET", "/v1/me", { as: "otherAgent" })).body.agent.id;
    expect(await of(other)).toMatchObject({ purchases: 0, changed: [] });
  });

  it("sees nothing of another project", async () => {
    await buy(1_000);
    expect((await tryOut({ policy: POLICY }, "foreignAdmin")).body.purchases).toBe(0);
  });
});

async function foreignAgent(): Promise<string> {
  return (await world.call("GET", "/v1/me", { as: "foreignAgent" })).body.agent.id;
}
