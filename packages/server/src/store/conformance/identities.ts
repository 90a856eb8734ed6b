import { typeidUnboxed } from "typeid-js";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Store } from "../store.js";
import { createTenant, HOUR, NOW, type Tenant } from "./fixture.js";

const PUBLIC_KEY = { kty: "EC", crv: "P-256", x: "x".repeat(43), y: "y".repeat(43) } as const;

/** Agents' own keys, the codes they are enrolled with, and what agents may have. */
export function testIdentities(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(() => {
    store = useStore();
  });
  beforeEach(async () => {
    tenant = await createTenant(store);
  });

  const by = () => ({ type: "operator", id: tenant.admin.id, name: tenant.admin.name }) as const;
  const change = (at = NOW + 1_000) => ({ eventId: typeidUnboxed("evt"), at, actor: by() });

  const newEnrolment = (fields: object = {}) => ({
    id: typeidUnboxed("enr"),
    projectId: tenant.projectId,
    agentName: "refund-bot",
    newAgentId: typeidUnboxed("agt"),
    scopes: ["gate"],
    createdAt: NOW,
    createdBy: by(),
    expiresAt: NOW + HOUR,
    codeHash: typeidUnboxed("enr"),
    ...fields,
  });

  async function makeCode(fields: object = {}): Promise<string> {
    const enrolment = newEnrolment(fields);
    await store.agentIdentities.createEnrolment(enrolment);
    return enrolment.codeHash;
  }

  const enrol = (codeHash: string, keyThumbprint: string = typeidUnboxed("aid"), at = NOW + 1) =>
    store.agentIdentities.enrol({
      id: typeidUnboxed("aid"),
      eventId: typeidUnboxed("evt"),
      codeHash,
      keyThumbprint,
      publicKey: PUBLIC_KEY,
      at,
    });

  it("are enrolled with a code, for the agent there is or a new one", async () => {
    const enrolment = newEnrolment();
    const made = await store.agentIdentities.createEnrolment(enrolment);
    expect(made).toEqual({
      id: enrolment.id,
      projectId: tenant.projectId,
      agent: tenant.agent,
      scopes: ["gate"],
      createdAt: NOW,
      createdBy: by(),
      expiresAt: NOW + HOUR,
    });
    expect(await store.agentIdentities.createEnrolment(enrolment)).toEqual(made);
    const enrolled = await enrol(enrolment.codeHash, "thumbprint-1");
    expect(enrolled).toMatchObject({
      outcome: "enrolled",
      identity: {
        projectId: tenant.projectId,
        agent: tenant.agent,
        keyThumbprint: "thumbprint-1",
        publicKey: PUBLIC_KEY,
        scopes: ["gate"],
        createdAt: NOW + 1,
        enrolledBy: by(),
      },
    });
    const code = await makeCode({ agentName: "new-bot" });
    expect(await enrol(code)).toMatchObject({ identity: { agent: { name: "new-bot" } } });
  });

  it("use a code up once, of all who come with it", async () => {
    const code = await makeCode();
    const all = await Promise.all(Array.from({ length: 20 }, () => enrol(code)));
    expect(all.filter(({ outcome }) => outcome === "enrolled")).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === "no_code")).toHaveLength(19);
    expect(await store.agentIdentities.list(tenant.projectId)).toHaveLength(1);
  });

  it("answer the same code and key again as they did, for the answer may have been lost", async () => {
    const [code, key] = [await makeCode(), typeidUnboxed("aid")];
    const first = await enrol(code, key);
    expect(await enrol(code, key, NOW + 2)).toEqual(first);
    expect(await enrol(code)).toEqual({ outcome: "no_code" });
  });

  it("take no code that is over or was never made", async () => {
    const code = await makeCode();
    expect(await enrol(code, undefined, NOW + HOUR)).toEqual({ outcome: "no_code" });
    expect(await enrol("unknown")).toEqual({ outcome: "no_code" });
    expect(await enrol(code, undefined, NOW + HOUR - 1)).toMatchObject({ outcome: "enrolled" });
  });

  it("keep a key to one identity, and use no second code up for it", async () => {
    const [first, second, key] = [await makeCode(), await makeCode(), typeidUnboxed("aid")];
    await enrol(first, key);
    expect(await enrol(second, key)).toEqual({ outcome: "key_taken" });
    expect(await enrol(second)).toMatchObject({ outcome: "enrolled" });
    const codes = await Promise.all(Array.from({ length: 10 }, () => makeCode()));
    const shared = typeidUnboxed("aid");
    const all = await Promise.all(codes.map((code) => enrol(code, shared)));
    expect(all.filter(({ outcome }) => outcome === "enrolled")).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === "key_taken")).toHaveLength(9);
  });

  it("are found by their key, listed newest first, and revoked in their project only", async () => {
    const key = typeidUnboxed("aid");
    const [first, second] = [
      await enrol(await makeCode(), key),
      await enrol(await makeCode({ agentName: "new-bot" }), undefined, NOW + 2),
    ];
    if (first.outcome !== "enrolled" || second.outcome !== "enrolled") throw new Error("no code");
    const { projectId, agent } = tenant;
    const { agentIdentities } = store;
    expect(await agentIdentities.findByThumbprint(key)).toEqual(first.identity);
    expect(await agentIdentities.findByThumbprint("unknown")).toBeUndefined();
    expect(await agentIdentities.list(projectId)).toEqual([second.identity, first.identity]);
    expect(await agentIdentities.list(projectId, agent.id)).toEqual([first.identity]);
    const other = await createTenant(store);
    const { id } = first.identity;
    expect(await agentIdentities.revoke(other.projectId, id, change())).toBeUndefined();
    const revoked = await agentIdentities.revoke(projectId, id, change());
    expect(revoked).toEqual({ ...first.identity, revokedAt: NOW + 1_000 });
    expect(await agentIdentities.revoke(projectId, id, change(NOW + 9_000))).toEqual(revoked);
    await agentIdentities.touch(id, NOW + 3);
    expect(await agentIdentities.findByThumbprint(key)).toMatchObject({ lastUsedAt: NOW + 3 });
  });

  it("leave agents without limits until somebody sets some, all at once", async () => {
    const { projectId, agent } = tenant;
    expect(await store.agentLimits.find(projectId, agent.id)).toEqual({});
    const limits = {
      scopes: ["actions:refund"],
      maxCallsPerDay: 50,
      maxCostPerDay: { amountMinor: 10_000, currency: "EUR" },
    };
    const set = (fields: object) =>
      store.agentLimits.set(projectId, agent.id, { ...fields, ...change() });
    expect(await set(limits)).toEqual(limits);
    expect(await store.agentLimits.find(projectId, agent.id)).toEqual(limits);
    expect(await set({ maxCallsPerDay: 5 })).toEqual({ maxCallsPerDay: 5 });
    const other = await createTenant(store);
    expect(await store.agentLimits.find(other.projectId, agent.id)).toBeUndefined();
    expect(await store.agentLimits.set(other.projectId, agent.id, change())).toBeUndefined();
    expect(await store.agentLimits.usedOn(agent.id, 20_000)).toEqual({ calls: 0 });
    expect(await store.agentLimits.usedOn(agent.id, 20_000, "EUR")).toEqual({
      calls: 0,
      cost: { amountMinor: 0, currency: "EUR" },
    });
  });
}
