import type { WireBudget, WireLedgerEntry } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, World } from "../testing/world.js";

const DAY = 86_400_000;

let world: World;
let agent: { readonly id: string; readonly name: string };
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
  agent = (await world.call("GET", "/v1/me", { as: "agent" })).body.agent;
});
afterAll(() => world.controlPlane.close());

type As = keyof Credentials;

const set = (body: object, as: As = "admin") =>
  world.call("PUT", "/v1/budgets", { as, body: { scope: "project", currency: "EUR", ...body } });
const list = async (as: As = "viewer"): Promise<WireBudget[]> =>
  (await world.call("GET", "/v1/budgets", { as })).body.data;

async function buy(amount_minor: number) {
  const amount = { amount_minor, currency: "EUR" };
  const body = { id: typeidUnboxed("req"), amount, category: "software" };
  return (await world.call("POST", "/v1/purchases", { as: "agent", body })).body;
}

async function pay(amount_minor: number): Promise<string> {
  const { id } = await buy(amount_minor);
  await world.decide(id, { decision: "approve", revision: 1 });
  const body = { success: true };
  await world.call("POST", `/v1/purchases/${id}/confirm`, { as: "agent", body });
  return id;
}

const money = (amount_minor: number) => ({ amount_minor, currency: "EUR" });

describe("a budget", () => {
  it("is set in all, and shows what is held, spent and left of it", async () => {
    const { status, body } = await set({ amount_minor: 10_000 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scope: "project",
      currency: "EUR",
      allocated: money(10_000),
      held: money(0),
      spent: money(0),
      available_minor: 10_000,
    });
    await pay(2_000);
    await buy(3_000);
    expect((await list()).find(({ id }) => id === body.id)).toMatchObject({
      held: money(3_000),
      spent: money(2_000),
      available_minor: 5_000,
    });
  });

  it("is not set below what is held and spent, and says what that is", async () => {
    await pay(2_000);
    await buy(3_000);
    const refused = await set({ amount_minor: 4_999 });
    expect([refused.status, codeOf(refused)]).toEqual([409, "BUDGET_BELOW_COMMITTED"]);
    expect(refused.body.detail).toContain("50.00 EUR");
    expect((await list()).find(({ scope }) => scope === "project")?.allocated).toBeNull();
    expect((await set({ amount_minor: 5_000 })).body.available_minor).toBe(0);
    expect((await set({ amount_minor: null })).body).toMatchObject({
      allocated: null,
      available_minor: null,
    });
  });

  it.each([
    ["an agent without its id", { scope: "agent", amount_minor: 1 }, "/agent_id"],
    [
      "an agent's id with the project",
      { agent_id: typeidUnboxed("agt"), amount_minor: 1 },
      "/agent_id",
    ],
    ["less than nothing", { amount_minor: -1 }, "/amount_minor"],
    ["parts of a cent", { amount_minor: 0.5 }, "/amount_minor"],
    ["more than there may be", { amount_minor: 1_000_000_000_000_000 }, "/amount_minor"],
    ["a currency that does not exist", { currency: "XXZ", amount_minor: 1 }, "/currency"],
  ])("with %s is refused", async (_name, body, path) => {
    const reply = await set(body);
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(reply.body.issues[0].path).toBe(path);
  });

  it("is there for what is in the project only", async () => {
    const agent_id = (await world.call("GET", "/v1/me", { as: "foreignAgent" })).body.agent.id;
    const reply = await set({ scope: "agent", agent_id, amount_minor: 1 });
    expect(codeOf(reply)).toBe("RESOURCE_NOT_FOUND");
    expect(codeOf(await set({ scope: "organisation", amount_minor: 1 }))).toBe(
      "RESOURCE_NOT_FOUND",
    );
  });

  it("is seen by the agents whose purchases have to fit it", async () => {
    expect(await list("agent")).toEqual([]);
    await set({ amount_minor: 10_000 });
    await set({ scope: "agent", agent_id: agent.id, amount_minor: 5_000 });
    expect(await list("agent")).toMatchObject([
      { scope: "project", available_minor: 10_000 },
      { scope: "agent", agent, available_minor: 5_000 },
    ]);
    expect(await list("otherAgent")).toMatchObject([
      { scope: "project" },
      { scope: "agent", agent: { name: "mail-agent" }, allocated: null, held: money(0) },
    ]);
    expect(await list("foreignAgent")).toEqual([]);
    expect(await list("foreignAdmin")).toEqual([]);
  });

  it("has the id it was shown under before it was used", async () => {
    await set({ amount_minor: 10_000 });
    const before = (await list("agent")).find(({ scope }) => scope === "agent");
    await buy(1_000);
    const after = (await list()).find(({ scope }) => scope === "agent");
    expect(after?.id).toBe(before?.id);
  });
});

describe("a budget's ledger", () => {
  const entriesOf = (id: string, query = "", as: As = "viewer") =>
    world.call("GET", `/v1/budgets/${id}/entries${query}`, { as });

  it("has every movement, newest first, and each adds up", async () => {
    const { id } = (await set({ amount_minor: 10_000 })).body;
    const purchase = await pay(2_000);
    await set({ amount_minor: 8_000 });
    const { body } = await entriesOf(id);
    const told = body.data.map(({ kind, from, to, amount }: WireLedgerEntry) => [
      kind,
      from,
      to,
      amount.amount_minor,
    ]);
    expect(told).toEqual([
      ["allocate", "available", "funding", 2_000],
      ["settle", "held", "spent", 2_000],
      ["reserve", "available", "held", 2_000],
      ["allocate", "funding", "available", 10_000],
    ]);
    const [allocated, settled] = body.data;
    expect(allocated).toMatchObject({ budget_id: id, actor: { type: "operator", name: "Ada" } });
    expect(allocated).not.toHaveProperty("request_id");
    expect(settled).toMatchObject({ request_id: purchase, actor: { type: "agent" } });
    const receipt = await world.call("GET", `/v1/receipts/${settled.receipt_id}`, { as: "viewer" });
    expect(receipt.status).toBe(200);
  });

  it("comes in pages", async () => {
    const { id } = (await set({ amount_minor: 1 })).body;
    await set({ amount_minor: 2 });
    await set({ amount_minor: 3 });
    const first = await entriesOf(id, "?limit=2");
    expect(first.body.data).toHaveLength(2);
    const second = await entriesOf(id, `?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ data: [{ kind: "allocate" }], next_cursor: null });
    expect(codeOf(await entriesOf(id, "?cursor=nonsense"))).toBe("VALIDATION_FAILED");
  });

  it("is nobody's of another project", async () => {
    const { id } = (await set({ amount_minor: 1 })).body;
    expect(codeOf(await entriesOf(id, "", "foreignAdmin"))).toBe("RESOURCE_NOT_FOUND");
    expect(codeOf(await entriesOf(typeidUnboxed("bgt")))).toBe("RESOURCE_NOT_FOUND");
  });
});

describe("a budget's burn-down", () => {
  it("tells what was reserved, spent and left on each day", async () => {
    const { id } = (await set({ amount_minor: 10_000 })).body;
    const paid = await pay(2_000);
    world.clock.advance(DAY);
    await buy(1_500);
    const refund = { id: typeidUnboxed("rfd"), amount: money(500) };
    await world.call("POST", `/v1/purchases/${paid}/refund`, { as: "admin", body: refund });
    world.clock.advance(DAY);
    const { body } = await world.call("GET", `/v1/budgets/${id}/burn-down?days=4`, {
      as: "viewer",
    });
    expect(body).toMatchObject({ budget_id: id, currency: "EUR" });
    // What nobody decided in half an hour has expired by the third day.
    expect(body.points).toMatchObject([
      { reserved_minor: 0, spent_minor: 0, available_minor: null },
      { reserved_minor: 2_000, spent_minor: 2_000, available_minor: 8_000 },
      { reserved_minor: 1_500, spent_minor: 0, refunded_minor: 500 },
      { reserved_minor: 0, spent_minor: 0 },
    ]);
    const left = body.points.map(
      ({ available_minor }: { available_minor: number }) => available_minor,
    );
    expect(left.at(-1)).toBe((await list()).find((budget) => budget.id === id)?.available_minor);
  });

  it("has thirty days unless it is asked for others", async () => {
    const { id } = (await set({ amount_minor: 1 })).body;
    const path = `/v1/budgets/${id}/burn-down`;
    const { body } = await world.call("GET", path, { as: "viewer" });
    expect(body.points).toHaveLength(30);
    const many = await world.call("GET", `${path}?days=91`, { as: "viewer" });
    expect(codeOf(many)).toBe("VALIDATION_FAILED");
    expect(codeOf(await world.call("GET", path, { as: "foreignAdmin" }))).toBe(
      "RESOURCE_NOT_FOUND",
    );
  });
});
