import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { codeOf, ORIGIN, World } from "../testing/world.js";

let world: World;
let cookie: string;
let second: string;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
  cookie = await world.signIn();
  second = (await asAda("POST", "/v1/projects", { body: { name: "Second" } })).body.id;
});
afterAll(() => world.controlPlane.close());

/** Ada signed in, who administers both projects. */
function asAda(method: string, path: string, options: { body?: unknown; project?: string } = {}) {
  const { body, project = world.projectId } = options;
  const headers = { cookie, origin: ORIGIN, "holdpoint-project": project };
  return world.call(method, path, { headers, body });
}

const make = (...project_ids: string[]) =>
  asAda("POST", "/v1/organisations", { body: { name: "Acme", project_ids } });

const budget = { scope: "organisation", currency: "EUR", amount_minor: 3_000 };

async function buy() {
  const amount = { amount_minor: 2_000, currency: "EUR" };
  const body = { id: typeidUnboxed("req"), amount, category: "software" };
  return (await world.call("POST", "/v1/purchases", { as: "agent", body })).body;
}

describe("an organisation", () => {
  it("is made of projects, by an admin of each", async () => {
    const { status, body } = await make(world.projectId, second);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "Acme",
      projects: [
        { id: world.projectId, name: "Home" },
        { id: second, name: "Second" },
      ],
    });
    expect((await asAda("GET", "/v1/organisations")).body.data).toEqual([body]);
  });

  it("takes no project of others, nor one that is in another", async () => {
    const foreign = await make(world.projectId, world.foreignProjectId);
    expect(codeOf(foreign)).toBe("RESOURCE_NOT_FOUND");
    expect(foreign.body.issues[0].path).toBe("/project_ids/1");
    await make(second);
    expect(codeOf(await make(world.projectId, second))).toBe("RESOURCE_CONFLICT");
    expect(codeOf(await make(world.projectId, world.projectId))).toBe("VALIDATION_FAILED");
    expect(codeOf(await make())).toBe("VALIDATION_FAILED");
  });

  it("is nothing to whoever reaches one of its projects only", async () => {
    const { id } = (await make(world.projectId, second)).body;
    expect((await world.call("GET", "/v1/organisations", { as: "admin" })).body.data).toEqual([]);
    const change = { as: "admin", body: { name: "Mine" } } as const;
    expect(codeOf(await world.call("PUT", `/v1/organisations/${id}`, change))).toBe(
      "RESOURCE_NOT_FOUND",
    );
    const set = await world.call("PUT", "/v1/budgets", { as: "admin", body: budget });
    expect(codeOf(set)).toBe("ROLE_REQUIRED");
  });

  it("loses and gains projects, and is dissolved", async () => {
    const { id } = (await make(world.projectId)).body;
    const change = (body: object) => asAda("PUT", `/v1/organisations/${id}`, { body });
    expect((await change({ project_ids: [world.projectId, second] })).body.projects).toHaveLength(
      2,
    );
    expect((await change({ name: "Acme II" })).body).toMatchObject({
      name: "Acme II",
      projects: [{ name: "Home" }, { name: "Second" }],
    });
    const foreign = await change({ project_ids: [world.foreignProjectId] });
    expect(codeOf(foreign)).toBe("RESOURCE_NOT_FOUND");
    expect((await change({ project_ids: [] })).body.projects).toEqual([]);
    expect((await asAda("GET", "/v1/organisations")).body.data).toEqual([]);
    expect((await make(world.projectId)).status).toBe(201);
  });
});

describe("an organisation's budget", () => {
  it("[G8] is one for all its projects, beside their own", async () => {
    const { id, name } = (await make(world.projectId, second)).body;
    const set = await asAda("PUT", "/v1/budgets", { body: budget });
    expect(set.body).toMatchObject({ scope: "organisation", organisation: { id, name } });
    expect((await buy()).status).toBe("pending");
    const refused = await buy();
    expect(refused).toMatchObject({
      status: "rejected",
      budget_remaining: { amount_minor: 1_000, currency: "EUR" },
    });
    for (const project of [world.projectId, second]) {
      const { body } = await asAda("GET", "/v1/budgets", { project });
      expect(body.data[0]).toMatchObject({ scope: "organisation", available_minor: 1_000 });
    }
    const seen = (await world.call("GET", "/v1/budgets", { as: "agent" })).body.data;
    expect(seen[0]).toMatchObject({ scope: "organisation", available_minor: 1_000 });
  });

  it("shows its ledger to whoever reaches all its projects", async () => {
    await make(world.projectId, second);
    const { id } = (await asAda("PUT", "/v1/budgets", { body: budget })).body;
    const path = `/v1/budgets/${id}/entries`;
    expect((await asAda("GET", path)).body.data).toHaveLength(1);
    expect(codeOf(await world.call("GET", path, { as: "admin" }))).toBe("RESOURCE_NOT_FOUND");
    const burnDown = await world.call("GET", `/v1/budgets/${id}/burn-down`, { as: "viewer" });
    expect(burnDown.status).toBe(200);
    for (const hidden of [path, `/v1/budgets/${id}/burn-down`]) {
      expect(codeOf(await world.call("GET", hidden, { as: "foreignAdmin" }))).toBe(
        "RESOURCE_NOT_FOUND",
      );
    }
  });
});
