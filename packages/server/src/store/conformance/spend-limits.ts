import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { SpendTarget } from "../verbs/spend-limits.js";
import { createTenant, makeApiKey, NOW, type Tenant } from "./fixture.js";
import { OPEN_POLICY, Spender } from "./spender.js";

const POLICY: SpendPolicy = { currency: "EUR", daily_limit: "100.00" };

/** Spend policies and kill switches. */
export function testSpendLimits(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let ofAgent: Required<SpendTarget>;
  beforeAll(async () => {
    store = useStore();
  });

  async function populate(): Promise<void> {
    tenant = await createTenant(store);
    ofAgent = { projectId: tenant.projectId, agentId: tenant.agent.id };
  }

  const by = () => ({ type: "operator", id: tenant.admin.id, name: tenant.admin.name }) as const;

  const setPolicy = (target: SpendTarget, policy: SpendPolicy | null, id = typeidUnboxed("spp")) =>
    store.spendPolicies.set({ ...target, id, policy, createdAt: NOW, createdBy: by() });

  const turn = (target: SpendTarget, fields: object = {}) =>
    store.killSwitches.set({
      ...target,
      stopped: true,
      changedAt: NOW,
      changedBy: by(),
      ...fields,
    });

  it("keep every revision of a policy, the newest in force", async () => {
    await populate();
    const { projectId, agent } = tenant;
    const first = await setPolicy(ofAgent, POLICY);
    expect(first).toMatchObject({ agent, revision: 1, policy: POLICY, createdBy: by() });
    const ofProject = await setPolicy({ projectId }, { currency: "EUR" });
    expect(ofProject).not.toHaveProperty("agent");
    const second = await setPolicy(ofAgent, { ...POLICY, daily_limit: "50.00" });
    expect(second.revision).toBe(2);
    expect(await store.spendPolicies.listInForce(projectId)).toEqual([ofProject, second]);
    expect(await store.spendPolicies.listHistory(ofAgent, 10)).toEqual([second, first]);
    expect(await store.spendPolicies.listHistory(ofAgent, 1)).toEqual([second]);
    expect(await store.spendPolicies.listHistory({ projectId }, 10)).toEqual([ofProject]);
  });

  it("take a policy away by a revision of its own, and set another after it", async () => {
    await populate();
    await setPolicy(ofAgent, POLICY);
    expect(await setPolicy(ofAgent, null)).toMatchObject({ revision: 2, policy: null });
    expect(await store.spendPolicies.listInForce(tenant.projectId)).toEqual([]);
    const third = await setPolicy(ofAgent, POLICY);
    expect(await store.spendPolicies.listInForce(tenant.projectId)).toEqual([third]);
  });

  it("make a revision once per id", async () => {
    await populate();
    const id = typeidUnboxed("spp");
    const [first, again] = [
      await setPolicy(ofAgent, POLICY, id),
      await setPolicy(ofAgent, null, id),
    ];
    expect(again).toEqual(first);
  });

  it("make as many revisions as policies are set at once", async () => {
    await populate();
    const made = await Promise.all(Array.from({ length: 20 }, () => setPolicy(ofAgent, POLICY)));
    const revisions = made.map(({ revision }) => revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("stop spending and let it go on, and say who did", async () => {
    await populate();
    const { projectId, agent } = tenant;
    const stopped = await turn(ofAgent, { reason: "It runs wild." });
    expect(stopped).toEqual({
      projectId,
      agent,
      stopped: true,
      reason: "It runs wild.",
      changedAt: NOW,
      changedBy: by(),
    });
    const all = await turn({ projectId });
    expect(all).not.toHaveProperty("agent");
    expect(await store.killSwitches.list(projectId)).toEqual([all, stopped]);
    const on = await turn(ofAgent, { stopped: false, changedAt: NOW + 1 });
    expect(on).toMatchObject({ stopped: false, changedAt: NOW + 1 });
    expect(on).not.toHaveProperty("reason");
    expect(await store.killSwitches.list(projectId)).toEqual([all, on]);
  });

  it("leave a switch as it is that is turned the same way again", async () => {
    await populate();
    const first = await turn(ofAgent, { reason: "It runs wild." });
    const again = await turn(ofAgent, { reason: "It runs wild.", changedAt: NOW + 1 });
    expect(again).toEqual(first);
    const other = await turn(ofAgent, { reason: "Still.", changedAt: NOW + 2 });
    expect(other).toMatchObject({ reason: "Still.", changedAt: NOW + 2 });
  });

  it("are one switch when many turn it at once", async () => {
    await populate();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => turn(ofAgent, { stopped: index % 2 === 0 })),
    );
    expect(await store.killSwitches.list(tenant.projectId)).toHaveLength(1);
  });

  it("let nothing be reserved once a stop is answered", async () => {
    const spender = await Spender.create(store);
    await spender.setPolicy(OPEN_POLICY);
    await spender.buy();
    const buying = Array.from({ length: 60 }, () => spender.buy());
    const held = await spender.stop(true, "project").then(() => spender.balance("project"));
    const bought = await Promise.all(buying);
    expect(await spender.balance("project")).toEqual(held);
    expect(bought.filter(({ hold }) => hold === "HELD").length * 1_000).toBe(
      Number(held?.[1]) - 1_000,
    );
    expect(await spender.buy()).toMatchObject({ hold: "NONE" });
  });

  it("let nothing be reserved once a stop is answered, not even the first", async () => {
    for (let round = 0; round < 5; round += 1) {
      const spender = await Spender.create(store);
      await spender.setPolicy(OPEN_POLICY);
      const buying = Array.from({ length: 8 }, () => spender.buy());
      const heldNow = async () => (await spender.balance("project"))?.[1] ?? 0;
      const held = await spender.stop(true, "project").then(heldNow);
      await Promise.all(buying);
      expect(await heldNow()).toEqual(held);
    }
  });

  it("tell what was bought, newest first, as it went", async () => {
    const spender = await Spender.create(store);
    const { projectId, agent } = spender.tenant;
    const pending = await spender.buy({ merchantName: "Shop", payee: "shop.example" });
    await spender.setPolicy({ ...OPEN_POLICY, per_request_limit: "20.00" });
    const paid = await spender.buy({}, NOW + 1);
    await spender.confirm(paid);
    const refused = await spender.buy({ amountMinor: 3_000 }, NOW + 2);
    const past = await store.spendPolicies.listPast(projectId, 10);
    expect(past).toMatchObject([
      {
        id: refused.request.id,
        outcome: "rejected",
        approved: false,
        countedMinor: 0n,
        checks: refused.checks,
      },
      { id: paid.request.id, outcome: "auto_approved", approved: true, countedMinor: 1_000n },
      {
        id: pending.request.id,
        agentId: agent.id,
        merchantName: "Shop",
        facts: { amountMinor: 1_000n, currency: "EUR", payee: "shop.example" },
        reservedAt: NOW,
        outcome: "pending",
        approved: false,
        countedMinor: 1_000n,
        checks: [],
      },
    ]);
    expect(await store.spendPolicies.listPast(projectId, 1)).toHaveLength(1);
    const other = await createTenant(store);
    expect(await store.spendPolicies.listPast(other.projectId, 10)).toEqual([]);
  });

  it("are another project's business no more than its agents", async () => {
    await populate();
    const other = await createTenant(store);
    await setPolicy(ofAgent, POLICY);
    await turn(ofAgent);
    const stranger = { ...ofAgent, projectId: other.projectId };
    expect(await store.spendPolicies.listInForce(other.projectId)).toEqual([]);
    expect(await store.spendPolicies.listHistory(stranger, 10)).toEqual([]);
    expect(await store.killSwitches.list(other.projectId)).toEqual([]);
  });

  it("find an agent in its project only", async () => {
    await populate();
    const other = await createTenant(store);
    const { agent } = await store.apiKeys.create(makeApiKey(tenant.projectId, tenant.keyHash + 1));
    expect(await store.agents.find(tenant.projectId, agent.id)).toMatchObject(agent);
    expect(await store.agents.find(other.projectId, agent.id)).toBeUndefined();
  });
}
