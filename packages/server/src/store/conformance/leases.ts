import { typeidUnboxed } from "typeid-js";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { NewLease } from "../verbs/leases.js";
import { createTenant, makeApiKey, NOW, type Tenant } from "./fixture.js";

const TTL = 300_000;

/** Leases, their sessions and the proofs that are remembered. */
export function testLeases(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let keyId: string;
  beforeAll(() => {
    store = useStore();
  });
  beforeEach(async () => {
    tenant = await createTenant(store);
    const [key] = await store.apiKeys.list(tenant.projectId);
    keyId = key?.id ?? "";
  });

  const by = () => ({ type: "operator", id: tenant.admin.id, name: tenant.admin.name }) as const;
  const change = (at = NOW + 1_000) => ({ eventId: typeidUnboxed("evt"), at, actor: by() });
  const freeze = (frozen = true) =>
    store.authority.set({ projectId: tenant.projectId, frozen, ...change() });

  const newLease = (fields: Partial<NewLease> = {}): NewLease => ({
    id: typeidUnboxed("lse"),
    eventId: typeidUnboxed("evt"),
    projectId: tenant.projectId,
    agent: tenant.agent,
    credentialId: keyId,
    keyThumbprint: "t".repeat(43),
    issuedAt: NOW,
    expiresAt: NOW + TTL,
    issuer: "http://localhost",
    session: { id: typeidUnboxed("gss"), scopes: ["gate"] },
    ...fields,
  });

  async function issue(fields: Partial<NewLease> = {}) {
    const issued = await store.leases.issue(newLease(fields));
    if (issued.outcome !== "issued") throw new Error(`Expected a lease, got ${issued.outcome}`);
    return issued.lease;
  }

  it("are found with their session, authority and credential", async () => {
    const session = { id: typeidUnboxed("gss"), scopes: ["actions:refund"], maxCalls: 10 };
    const lease = await issue({ session: { ...session, maxCost: 5_000, currency: "EUR" } });
    expect(lease).toMatchObject({
      session: {
        ...session,
        projectId: tenant.projectId,
        agent: tenant.agent,
        epoch: 0,
        calls: 0,
        cost: 0,
        maxCost: 5_000,
        currency: "EUR",
        createdAt: NOW,
      },
      credentialId: keyId,
      epoch: 0,
      issuedAt: NOW,
      expiresAt: NOW + TTL,
    });
    expect(await store.leases.find(lease.id)).toEqual({
      lease,
      authority: { epoch: 0, frozen: false },
      credential: {},
    });
    expect(await store.leases.find(typeidUnboxed("lse"))).toBeUndefined();
  });

  it("go on with a session of the same agent, and with no other", async () => {
    const { session } = await issue();
    const next = await issue({ keyThumbprint: "u".repeat(43), session: { continue: session.id } });
    expect(next.session).toEqual(session);
    const stranger = await store.apiKeys.create(makeApiKey(tenant.projectId, next.id, "other-bot"));
    const continued = { continue: session.id };
    expect(
      await store.leases.issue(newLease({ agent: stranger.agent, session: continued })),
    ).toEqual({ outcome: "no_session" });
    const foreign = await createTenant(store);
    const abroad = { projectId: foreign.projectId, agent: foreign.agent, session: continued };
    expect(await store.leases.issue(newLease(abroad))).toEqual({ outcome: "no_session" });
  });

  it("are not issued while frozen, and go on with no session from before", async () => {
    const { session } = await issue();
    await freeze();
    expect(await store.leases.issue(newLease())).toEqual({ outcome: "frozen" });
    await freeze(false);
    const continued = newLease({ session: { continue: session.id } });
    expect(await store.leases.issue(continued)).toEqual({ outcome: "no_session" });
    expect(await issue()).toMatchObject({ epoch: 1, session: { epoch: 1 } });
  });

  it("tell an older epoch than that of the authority after a freeze", async () => {
    const { id } = await issue();
    await freeze();
    expect(await store.leases.find(id)).toMatchObject({
      lease: { epoch: 0 },
      authority: { epoch: 1, frozen: true },
    });
  });

  it("are all of the new epoch, or of none, when they are issued while it is frozen", async () => {
    const issuing = Array.from({ length: 30 }, () => store.leases.issue(newLease()));
    await freeze();
    const after = await store.leases.issue(newLease());
    expect(after).toEqual({ outcome: "frozen" });
    for (const issued of await Promise.all(issuing)) {
      if (issued.outcome === "issued") expect(issued.lease.epoch).toBe(0);
    }
  });

  it("are revoked one by one, once, in their project", async () => {
    const [lease, other] = [await issue(), await issue()];
    const foreign = await createTenant(store);
    expect(await store.leases.revoke(foreign.projectId, lease.id, change())).toBeUndefined();
    const revoked = await store.leases.revoke(tenant.projectId, lease.id, change());
    expect(revoked?.lease).toMatchObject({ revokedAt: NOW + 1_000, revokedBy: by() });
    const again = await store.leases.revoke(tenant.projectId, lease.id, change(NOW + 2_000));
    expect(again).toEqual(revoked);
    expect((await store.leases.find(other.id))?.lease).not.toHaveProperty("revokedAt");
  });

  it("tell when their credential has ended", async () => {
    const { id } = await issue();
    await store.apiKeys.revoke(tenant.projectId, keyId, NOW + 5_000);
    expect(await store.leases.find(id)).toMatchObject({ credential: { revokedAt: NOW + 5_000 } });
    const orphan = await issue({ credentialId: typeidUnboxed("key") });
    expect(await store.leases.find(orphan.id)).not.toHaveProperty("credential");
  });

  it("are listed newest first, by page, by agent, and those that live", async () => {
    const { projectId, agent } = tenant;
    const made = [];
    for (let index = 0; index < 5; index += 1) {
      made.unshift(await issue({ issuedAt: NOW + index, expiresAt: NOW + index + TTL }));
    }
    const ids = made.map(({ id }) => id);
    const first = await store.leases.list(projectId, { limit: 3 });
    expect(first.items.map(({ lease }) => lease.id)).toEqual(ids.slice(0, 3));
    const cursor = first.nextCursor ?? "";
    const rest = await store.leases.list(projectId, { limit: 3, cursor, agentId: agent.id });
    expect(rest.items.map(({ lease }) => lease.id)).toEqual(ids.slice(3));
    expect(rest.nextCursor).toBeNull();
    await store.leases.revoke(projectId, ids[1] ?? "", change());
    const live = await store.leases.list(projectId, { limit: 9, liveAt: NOW + 1 + TTL });
    expect(live.items.map(({ lease }) => lease.id)).toEqual([ids[0], ids[2]]);
    await store.apiKeys.revoke(projectId, keyId, NOW);
    expect((await store.leases.list(projectId, { limit: 9, liveAt: NOW })).items).toEqual([]);
    const other = { limit: 9, agentId: typeidUnboxed("agt") };
    expect((await store.leases.list(projectId, other)).items).toEqual([]);
  });

  it("live no more in lists once everything is frozen", async () => {
    await issue();
    await freeze();
    const page = await store.leases.list(tenant.projectId, { limit: 9, liveAt: NOW });
    expect(page.items).toEqual([]);
  });

  it("take a proof once, of all who come with it", async () => {
    const id = typeidUnboxed("lse");
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => store.proofs.remember(id, NOW + 1_000)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await store.proofs.remember(id, NOW + 1_000)).toBe(false);
    expect(await store.proofs.remember(`${id}2`, NOW + 1_000)).toBe(true);
  });

  it("forget proofs that could not be taken any more, some at a time", async () => {
    await store.proofs.forget(Number.MAX_SAFE_INTEGER, 1_000);
    for (let index = 0; index < 5; index += 1)
      await store.proofs.remember(`p${index}`, NOW + index);
    expect(await store.proofs.forget(NOW + 3, 3)).toBe(3);
    expect(await store.proofs.forget(NOW + 3, 3)).toBe(1);
    expect(await store.proofs.remember("p4", NOW + 4)).toBe(false);
    expect(await store.proofs.remember("p0", NOW + 9)).toBe(true);
  });
}
