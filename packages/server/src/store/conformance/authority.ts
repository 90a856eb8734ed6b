import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import type { Claim } from "../../domain/execution.js";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, NOW, type Tenant } from "./fixture.js";

/** Freezing all authority. @param useStores - Stores on one database: replicas, or the only one. */
export function testAuthority(useStores: () => readonly Store[]): void {
  let store: Store;
  let tenant: Tenant;
  beforeEach(async () => {
    [store] = useStores() as [Store];
    tenant = await createTenant(store);
  });

  const replica = (index: number) => {
    const stores = useStores();
    return stores[index % stores.length] as Store;
  };

  const by = () => ({ type: "operator", id: tenant.admin.id, name: tenant.admin.name }) as const;

  const set = (frozen: boolean, fields: object = {}, at = NOW + 2_000) =>
    store.authority.set({
      projectId: tenant.projectId,
      frozen,
      eventId: typeidUnboxed("evt"),
      at,
      actor: by(),
      ...fields,
    });

  /** A claim of a grant that a person has just given. */
  async function approve(idempotent = false): Promise<Claim> {
    const { projectId, agent } = tenant;
    const draft = tenant.draft();
    const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + HOUR };
    await store.requests.create(draft);
    const resolution = approval(tenant, { approvedDigest: "digest", grant });
    await store.requests.resolve(projectId, draft.id, 1, resolution);
    return {
      id: typeidUnboxed("exe"),
      projectId,
      requestId: draft.id,
      agent,
      grantId: grant.id,
      approvedDigest: "digest",
      idempotent,
      at: NOW + 3_000,
      leaseExpiresAt: NOW + HOUR,
    };
  }

  it("is in force, at epoch 0, until somebody freezes it", async () => {
    const { projectId } = tenant;
    expect(await store.authority.find(projectId)).toEqual({ projectId, epoch: 0, frozen: false });
    const frozen = await set(true, { reason: "An agent runs wild." });
    expect(frozen).toMatchObject({
      epoch: 1,
      frozen: true,
      reason: "An agent runs wild.",
      changedAt: NOW + 2_000,
      changedBy: by(),
    });
    expect(await store.authority.find(projectId)).toEqual(frozen);
    expect(await set(false)).toMatchObject({ epoch: 1, frozen: false });
    expect(await set(true)).toMatchObject({ epoch: 2, frozen: true });
  });

  it("stays as it is, without a receipt, when it is set to what it is", async () => {
    const first = await set(true);
    const again = await set(true, { reason: "Again." }, NOW + 9_000);
    expect(again).toEqual(first);
    expect(await set(true)).toEqual(first);
  });

  it("is frozen once when many freeze it at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => set(true)));
    expect(new Set(all.map(({ epoch }) => epoch))).toEqual(new Set([1]));
    expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it("leaves no grant from before a freeze to be claimed, not even after it is thawed", async () => {
    const claim = await approve();
    await set(true);
    expect(await store.executions.claim(claim)).toEqual({ outcome: "frozen" });
    await set(false);
    expect(await store.executions.claim(claim)).toEqual({ outcome: "frozen" });
    const later = await approve();
    expect(await store.executions.claim(later)).toMatchObject({ outcome: "claimed" });
  });

  it("gives a grant made while frozen no effect until it is thawed", async () => {
    await set(true);
    const claim = await approve();
    expect(await store.executions.claim(claim)).toEqual({ outcome: "frozen" });
    await set(false);
    expect(await store.executions.claim(claim)).toMatchObject({ outcome: "claimed" });
  });

  it("lets what had begun end, and be found again, but not begin anew", async () => {
    const claim = await approve(true);
    await store.executions.claim(claim);
    await set(true);
    expect(await store.executions.claim(claim)).toMatchObject({ outcome: "replayed" });
    await store.executions.lapseDue(NOW + HOUR, 10);
    const again = { ...claim, id: typeidUnboxed("exe"), at: NOW + 3_001 };
    expect(await store.executions.claim(again)).toEqual({ outcome: "frozen" });
    const found = { status: "COMMITTED", settledBy: by(), at: NOW + HOUR, evidence: {} } as const;
    expect(await store.executions.reconcile(tenant.projectId, claim.id, found)).toMatchObject({
      outcome: "settled",
    });
  });

  it("is one project's own", async () => {
    const claim = await approve();
    const other = await createTenant(store);
    await set(true, { projectId: other.projectId });
    expect(await store.executions.claim(claim)).toMatchObject({ outcome: "claimed" });
  });

  it("claims nothing any more once a freeze is answered, whoever claims meanwhile", async () => {
    const claims = await Promise.all(Array.from({ length: 60 }, () => approve()));
    const claim = async (some: readonly Claim[]) => {
      const taken = some.map((one, index) => replica(index).executions.claim(one));
      return (await Promise.all(taken)).map(({ outcome }) => outcome);
    };
    const early = claim(claims.slice(0, 20));
    const late = set(true).then(() => claim(claims.slice(40)));
    const meanwhile = claim(claims.slice(20, 40));
    for (const outcome of [...(await early), ...(await meanwhile)]) {
      expect(["claimed", "frozen"]).toContain(outcome);
    }
    expect(await late).toEqual(Array(20).fill("frozen"));
  });

  it("makes claims and freezes one order, whichever replica takes them", async () => {
    for (let round = 0; round < 5; round += 1) {
      const claims = await Promise.all(Array.from({ length: 8 }, () => approve()));
      const claiming = claims.map((claim, index) => replica(index + 1).executions.claim(claim));
      const countAtFreeze = set(true).then(() => countClaimed(claims));
      const results = await Promise.all(claiming);
      const claimed = results.filter(({ outcome }) => outcome === "claimed").length;
      expect(await countAtFreeze).toBe(claimed);
      await set(false);
    }
  });

  /** How many of them are on record as begun. */
  async function countClaimed(claims: readonly Claim[]): Promise<number> {
    const found = await Promise.all(
      claims.map(({ projectId, requestId }) => store.requests.find(projectId, requestId)),
    );
    return found.filter((request) => request?.executionStatus === "CLAIMED").length;
  }
}
