import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import type { BudgetPlace } from "../../domain/budgets/id.js";
import { budgetIdOf } from "../../domain/budgets/id.js";
import type { Store } from "../store.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

const DAY = 86_400_000;

/** Budgets, their ledger, and the organisations whose money is one. */
export function testBudgets(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let ofProject: BudgetPlace;
  let ofAgent: BudgetPlace;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
    ofProject = { scope: "project", scopeId: tenant.projectId, currency: "EUR" };
    ofAgent = { scope: "agent", scopeId: tenant.agent.id, currency: "EUR" };
  });

  const by = () => ({ type: "operator", id: tenant.admin.id, name: tenant.admin.name }) as const;

  const allocate = (place: BudgetPlace, amount: number | null, at = NOW) =>
    store.budgets.allocate(place, amount, at, by());

  const entriesOf = async (place: BudgetPlace) => {
    const id = budgetIdOf(place);
    const { items } = await store.budgets.listEntries(tenant.projectId, id, { limit: 100 });
    return items.map(({ kind, from, to, amount }) => [kind, from, to, amount]);
  };

  const organise = (...projectIds: string[]) =>
    store.organisations.create(
      { id: typeidUnboxed("org"), name: "Acme", createdAt: NOW },
      projectIds,
    );

  it("are made where they are missing, and hold what is allocated in all", async () => {
    const made = await allocate(ofAgent, 5_000);
    expect(made).toEqual({
      outcome: "allocated",
      budget: {
        ...ofAgent,
        id: budgetIdOf(ofAgent),
        holder: tenant.agent,
        allocated: 5_000,
        held: 0,
        spent: 0,
        updatedAt: NOW,
      },
    });
    expect(await store.budgets.find(tenant.projectId, made.budget.id)).toEqual(made.budget);
    await allocate(ofAgent, 2_000, NOW + 1);
    const { budget } = await allocate(ofAgent, 6_000, NOW + 2);
    expect(budget).toMatchObject({ allocated: 6_000, updatedAt: NOW + 2 });
    expect(await entriesOf(ofAgent)).toEqual([
      ["allocate", "funding", "available", 4_000],
      ["allocate", "available", "funding", 3_000],
      ["allocate", "funding", "available", 5_000],
    ]);
  });

  it("are taken away, which is not the same as a budget of nothing", async () => {
    await allocate(ofProject, 5_000);
    const { budget } = await allocate(ofProject, null);
    expect(budget).not.toHaveProperty("allocated");
    expect((await allocate(ofProject, 0)).budget.allocated).toBe(0);
    expect(await entriesOf(ofProject)).toHaveLength(2);
  });

  it("stay as they are when the same is allocated again", async () => {
    await allocate(ofProject, 5_000);
    const { budget } = await allocate(ofProject, 5_000, NOW + 1);
    expect(budget.updatedAt).toBe(NOW);
    expect(await entriesOf(ofProject)).toHaveLength(1);
  });

  it("add up to what was allocated last of 20 who allocate at once", async () => {
    const amounts = Array.from({ length: 20 }, (_, index) => 1_000 + index);
    await Promise.all(amounts.map((amount) => allocate(ofProject, amount)));
    const budget = await store.budgets.find(tenant.projectId, budgetIdOf(ofProject));
    const entries = await entriesOf(ofProject);
    const sum = entries.reduce(
      (total, [, from, , amount]) =>
        total + (from === "funding" ? Number(amount) : -Number(amount)),
      0,
    );
    expect(amounts).toContain(budget?.allocated);
    expect(sum).toBe(budget?.allocated);
  });

  it("are listed from the outermost, each to the projects it concerns", async () => {
    const other = await createTenant(store);
    const organisation = await organise(tenant.projectId);
    if (organisation === "taken") throw new Error("Expected an organisation.");
    const ofAll: BudgetPlace = { scope: "organisation", scopeId: organisation.id, currency: "EUR" };
    for (const place of [ofAgent, { ...ofAgent, currency: "CHF" }, ofProject, ofAll]) {
      await allocate(place, 100);
    }
    await allocate({ ...ofProject, scopeId: other.projectId }, 900);
    const listed = await store.budgets.list(tenant.projectId);
    expect(listed.map(({ scope, currency, holder }) => [scope, currency, holder?.name])).toEqual([
      ["organisation", "EUR", "Acme"],
      ["project", "EUR", undefined],
      ["agent", "CHF", tenant.agent.name],
      ["agent", "EUR", tenant.agent.name],
    ]);
    expect(await store.budgets.list(other.projectId)).toMatchObject([{ allocated: 900 }]);
    for (const { id } of listed) {
      expect(await store.budgets.find(other.projectId, id)).toBeUndefined();
      expect(await store.budgets.sumDays(other.projectId, id, 0)).toBeUndefined();
      const page = await store.budgets.listEntries(other.projectId, id, { limit: 10 });
      expect(page.items).toEqual([]);
    }
  });

  it("that bind an agent are its chain, also those nobody has used yet", async () => {
    const agent = { id: tenant.agent.id, projectId: tenant.projectId };
    expect(await store.budgets.listChain(agent, NOW)).toEqual([]);
    await allocate(ofProject, 100);
    const before = await store.budgets.listChain(agent, NOW + 5);
    expect(before).toMatchObject([
      { scope: "project", allocated: 100 },
      { scope: "agent", id: budgetIdOf(ofAgent), holder: tenant.agent, held: 0, spent: 0 },
    ]);
    expect(before[1]).toMatchObject({ updatedAt: NOW + 5 });
    expect(before[1]).not.toHaveProperty("allocated");
    expect((await allocate(ofAgent, 10)).budget.id).toBe(before[1]?.id);
    await organise(tenant.projectId);
    const chain = await store.budgets.listChain(agent, NOW);
    expect(chain.map(({ scope }) => scope)).toEqual(["organisation", "project", "agent"]);
    const stranger = { ...agent, projectId: (await createTenant(store)).projectId };
    expect(await store.budgets.listChain(stranger, NOW)).toEqual([]);
  });

  it("page through their entries, newest first", async () => {
    for (const amount of [1, 2, 3, 4, 5]) await allocate(ofProject, amount, NOW + amount);
    const id = budgetIdOf(ofProject);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.budgets.listEntries(tenant.projectId, id, {
        limit: 2,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...page.items.map(({ at }) => at - NOW));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("sum what moved by day, from a time on", async () => {
    await allocate(ofProject, 100, NOW);
    await allocate(ofProject, 150, NOW + DAY - 1);
    await allocate(ofProject, 250, NOW + DAY);
    await allocate(ofProject, 50, NOW + DAY + 1);
    const summed = await store.budgets.sumDays(
      tenant.projectId,
      budgetIdOf(ofProject),
      NOW + DAY - 1,
    );
    expect(summed?.budget.allocated).toBe(50);
    const today = Math.floor(NOW / DAY);
    const allocated = { kind: "allocate", from: "funding", to: "available" };
    const back = { kind: "allocate", from: "available", to: "funding" };
    expect(summed?.movements.toSorted((a, b) => a.day - b.day || a.amount - b.amount)).toEqual([
      { day: today, ...allocated, amount: 50 },
      { day: today + 1, ...allocated, amount: 100 },
      { day: today + 1, ...back, amount: 200 },
    ]);
    const id = (await allocate(ofAgent, null)).budget.id;
    expect(await store.budgets.sumDays(tenant.projectId, id, 0)).toMatchObject({ movements: [] });
  });

  it("belong to an organisation once, and to one of those who make it at once", async () => {
    const id = typeidUnboxed("org");
    const make = (organisationId: string) =>
      store.organisations.create({ id: organisationId, name: "Acme", createdAt: NOW }, [
        tenant.projectId,
      ]);
    const first = await make(id);
    expect(first).toMatchObject({ id, projects: [{ id: tenant.projectId, name: "Payments" }] });
    expect(await make(id)).toEqual(first);
    expect(await make(typeidUnboxed("org"))).toBe("taken");
    expect(await store.organisations.findOfProject(tenant.projectId)).toEqual(first);
    const other = await createTenant(store);
    const made = await Promise.all(Array.from({ length: 10 }, () => organise(other.projectId)));
    expect(made.filter((organisation) => organisation !== "taken")).toHaveLength(1);
  });

  it("leave and join an organisation by whoever administers all of it", async () => {
    const [second, third] = [await createTenant(store), await createTenant(store)];
    const organisation = await organise(tenant.projectId, second.projectId);
    if (organisation === "taken") throw new Error("Expected an organisation.");
    const change = (projectIds: string[], administered: string[]) =>
      store.organisations.change(organisation.id, { projectIds, name: "Acme II" }, administered);
    const all = [tenant.projectId, second.projectId, third.projectId];
    expect(await change(all, [tenant.projectId])).toBeUndefined();
    const changed = await change([tenant.projectId, third.projectId], all);
    expect(changed).toMatchObject({ name: "Acme II" });
    expect(await store.organisations.listOfProjects(all)).toEqual([changed]);
    expect(await store.organisations.findOfProject(second.projectId)).toBeUndefined();
    await organise(second.projectId);
    expect(await change(all, all)).toBe("taken");
    expect(await store.organisations.listOfProjects([third.projectId])).toEqual([changed]);
    expect(await change([], all)).toMatchObject({ projects: [] });
    expect(await change(all, all)).toBeUndefined();
  });
}
