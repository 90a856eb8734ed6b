import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const HABIT = { service: "billing", action: "refund" };
const DAY_MS = 86_400_000;

const list = async (as: keyof Credentials = "viewer"): Promise<WirePolicySuggestion[]> =>
  (await world.call("GET", "/v1/policy-suggestions", { as })).body.data;

async function approve(times: number, fields: object = {}): Promise<void> {
  for (let index = 0; index < times; index += 1) await world.askApproved({ ...HABIT, ...fields });
}

async function reject(fields: object = {}): Promise<void> {
  const { id } = await world.ask({ ...HABIT, ...fields });
  await world.decide(id, { decision: "reject", revision: 1 });
}

async function edit(fields: object = {}): Promise<void> {
  const { id } = await world.ask({ ...HABIT, ...fields });
  const patched_payload = { sql: "SELECT 1" };
  const reply = await world.decide(id, { decision: "approve", revision: 1, patched_payload });
  expect(reply.body.status).toBe("APPROVED_WITH_MODIFICATIONS");
}

describe("[P-SHIELD-SUGGESTS] suggestions for the policy", () => {
  it("name what was always approved, with what its statement would have decided", async () => {
    await approve(21);
    await world.ask(HABIT);
    await world.ask();
    const [suggestion, ...others] = await list();
    expect(others).toEqual([]);
    expect(suggestion).toMatchObject({
      ...HABIT,
      agent: { name: "db-agent" },
      approved: 21,
      base_revision: 0,
      replay: { tried: 23, allowed: 22, against_people: 0 },
    });
    expect(suggestion?.text).toBe(suggestion?.statement);
    const trial = await world.call("POST", "/v1/policies/try", {
      as: "viewer",
      body: { text: suggestion?.text },
    });
    expect(trial.body).toMatchObject({ tried: 23, verdicts: { allow: 22 } });
  });

  it("change nothing until a person sets one, and then it is none any more", async () => {
    const before =
      '@id("no-drops")\nforbid (principal, action, resource)\nwhen { context.action == "drop" };\n';
    await world.setPolicy(before);
    await approve(20);
    const [suggestion] = await list();
    const revisions = await world.call("GET", "/v1/policies", { as: "viewer" });
    expect(revisions.body.data).toHaveLength(1);
    expect((await world.ask(HABIT)).status).toBe("PENDING");
    expect(suggestion).toMatchObject({ base_revision: 1 });
    expect(suggestion?.text).toBe(`${before}\n${suggestion?.statement}`);

    const { text, base_revision } = suggestion ?? {};
    const set = (as: keyof Credentials) =>
      world.call("PUT", "/v1/policies", { as, body: { text, base_revision } });
    expect(codeOf(await set("approver"))).toBe("ROLE_REQUIRED");
    expect((await set("admin")).status).toBe(200);
    expect(await world.ask(HABIT)).toMatchObject({
      status: "APPROVED",
      decided_by: { type: "policy" },
    });
    expect((await world.ask()).status).toBe("PENDING");
    expect(await list()).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["too few", () => approve(19)],
    ["one that was rejected", () => approve(20).then(() => reject())],
    ["one that was edited", () => edit().then(() => approve(20))],
    [
      "other agents, services, actions and environments",
      async () => {
        await approve(10);
        await approve(10, { service: "other" });
        await approve(10, { action: "other" });
        await approve(10, { environment: "staging" });
      },
    ],
    [
      "a policy that lets it through already",
      async () => {
        await approve(20);
        await world.setPolicy("permit (principal, action, resource);");
      },
    ],
    [
      "a policy that holds it whatever else is said",
      async () => {
        await world.setPolicy('@hold("approver") permit (principal, action, resource);');
        await approve(20);
      },
    ],
    [
      "more than 30 days since",
      async () => {
        await approve(20);
        world.clock.advance(30 * DAY_MS + 1);
      },
    ],
    [
      "money, which has policies of its own",
      async () => {
        for (let index = 0; index < 20; index += 1) await world.buyApproved();
      },
    ],
  ])("are none for %s", async (_name, happens) => {
    await happens();
    expect(await list()).toEqual([]);
  });

  it("say what people have rejected of what they would let through", async () => {
    await approve(20, { environment: "staging" });
    const [suggestion] = await list();
    expect(suggestion).toMatchObject({ environment: "staging", approved: 20 });
    expect(suggestion?.statement).toContain('context.environment == "staging"');
    // Of another environment it says nothing.
    await reject({ environment: "production" });
    expect(await list()).toMatchObject([{ replay: { tried: 21, allowed: 20, against_people: 0 } }]);
  });

  it("take names for names", async () => {
    const action = 'refund"); permit (principal, action, resource); //';
    await approve(20, { action });
    const [suggestion] = await list();
    const check = await world.call("POST", "/v1/policies/check", {
      as: "viewer",
      body: { text: suggestion?.text },
    });
    expect(check.body).toMatchObject({ valid: true, statements: [{ effect: "permit" }] });
    expect(check.body.statements).toHaveLength(1);
    await world.ask();
    expect(await list()).toMatchObject([{ action, replay: { tried: 21, allowed: 20 } }]);
  });

  it("are of one's own project", async () => {
    await approve(20);
    expect(await list("foreignAdmin")).toEqual([]);
  });
});
