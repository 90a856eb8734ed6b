import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { SpendTarget } from "../verbs/spend-limits.js";
import { createTenant, makeApiKey, NOW, type Tenant } from "./fixture.js";

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
