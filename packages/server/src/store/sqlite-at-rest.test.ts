import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import {
  approval,
  createMasterKey,
  createTenant,
  HOUR,
  NOW,
  newest,
  type Tenant,
} from "./conformance/fixture.js";
import { createSqliteStore } from "./sqlite.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-rest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openStore = (...masterKeys: string[]) =>
  createSqliteStore({ storage: { path: join(folder, "data", "holdpoint.db") }, masterKeys });

const GRANT = { id: "gnt_1", expiresAt: NOW + HOUR };
const DIGEST = `sha256:${"a".repeat(64)}`;

async function createDecided(store: DatabaseStore, secret: string) {
  const tenant = await createTenant(store);
  const draft = tenant.draft({ payload: { note: `payload ${secret}` } });
  await store.requests.create(draft);
  await store.requests.resolve(
    tenant.projectId,
    draft.id,
    1,
    approval(tenant, {
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedDigest: DIGEST,
      grant: GRANT,
      patchedPayload: { note: `patch ${secret}` },
      diffSummary: { summary: `diff ${secret}`, changes: [{ path: "/note", to: secret }] },
      reason: `reason ${secret}`,
    }),
  );
  await runAndAnswer(store, tenant, draft.id, secret);
  const owner = { projectId: tenant.projectId, agentId: tenant.agent.id };
  const record = { key: "k", value: `record ${secret}`, encrypted: false, ifAbsent: false };
  await store.records.put(owner, [record], NOW);
  const updatedBy = { type: "system", id: "test" } as const;
  const token = { projectId: tenant.projectId, name: "TOKEN", updatedAt: NOW, updatedBy };
  await store.secrets.set({ ...token, value: `token ${secret}` });
  return { tenant, id: draft.id };
}

/** Everything that is said of a run, and an answer under an idempotency key. */
async function runAndAnswer(store: DatabaseStore, tenant: Tenant, id: string, secret: string) {
  const { projectId, agent } = tenant;
  const lease = { at: NOW, leaseExpiresAt: NOW + 1_000 };
  const grant = { grantId: GRANT.id, approvedDigest: DIGEST, idempotent: false };
  const claim = { id: `exe_${id}`, projectId, requestId: id, agent, ...grant, ...lease };
  await store.executions.claim(claim);
  await store.executions.lapseDue(NOW + 1_000, 10);
  const settled = await store.executions.reconcile(projectId, claim.id, {
    status: "FAILED",
    settledBy: { type: "agent", ...agent },
    at: NOW + 1_000,
    evidence: `evidence ${secret}`,
    result: `result ${secret}`,
    error: `error ${secret}`,
  });
  expect(settled?.outcome).toBe("settled");
  const begun = await store.idempotency.begin({ id: `key ${id}`, bodyDigest: DIGEST, ...lease });
  if (begun.outcome !== "begun") throw new Error("Expected the first call of its key.");
  await store.idempotency.finish(begun.run, { status: 201, body: `answer ${secret}` });
}

describe("encryption at rest", () => {
  it("leaves no sealed text in any file, open or closed", async () => {
    const canary = "canary-7f3a9c";
    const store = await openStore(createMasterKey());
    await createDecided(store, canary);
    const files = () => readdirSync(join(folder, "data")).map((name) => join(folder, "data", name));
    const contents = () => Buffer.concat(files().map((file) => readFileSync(file)));
    expect(contents().includes("billing")).toBe(true);
    expect(contents().includes(canary)).toBe(false);
    await store.close();
    expect(contents().includes("billing")).toBe(true);
    expect(contents().includes(canary)).toBe(false);
  });

  it("keeps the files to their owner", async () => {
    const store = await openStore(createMasterKey());
    const modes = ["holdpoint.db", "holdpoint.db-wal", "holdpoint.db-shm"].map(
      (name) => statSync(join(folder, "data", name)).mode & 0o077,
    );
    expect(modes).toEqual([0, 0, 0]);
    expect(statSync(join(folder, "data")).mode & 0o077).toBe(0);
    await store.close();
  });

  it("refuses to start with another master key, then starts with the right one", async () => {
    const masterKey = createMasterKey();
    const first = await openStore(masterKey);
    await first.close();
    await expect(openStore(createMasterKey())).rejects.toMatchObject({
      name: "MasterKeyError",
      code: "MASTER_KEY_WRONG",
    });
    const again = await openStore(masterKey);
    await again.ping();
    await again.close();
  });

  it("rotates: the new key writes, the old one still reads and may not be forgotten", async () => {
    const [old, fresh] = [createMasterKey(), createMasterKey()];
    const before = await openStore(old);
    const { tenant, id } = await createDecided(before, "old");
    await before.close();
    const rotated = await openStore(fresh, old);
    const draft = tenant.draft();
    await rotated.requests.create(draft);
    expect(await rotated.requests.find(tenant.projectId, id)).toMatchObject({
      payload: { note: "payload old" },
    });
    await rotated.close();
    for (const keys of [[fresh], [old]]) {
      await expect(openStore(...keys)).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
    }
  });

  it("shows and decides no payload that was moved between requests, and still lists and expires them", async () => {
    const store = await openStore(createMasterKey());
    const tenant = await createTenant(store);
    const [victim, donor] = [tenant.draft(), tenant.draft({ payload: { amount_minor: 1 } })];
    await store.requests.create(victim);
    await store.requests.create(donor);
    const { db } = store.auth;
    const stolen = await db
      .selectFrom("requests")
      .select(["sealed_payload", "data_key"])
      .where("id", "=", donor.id)
      .executeTakeFirstOrThrow();
    await db.updateTable("requests").set(stolen).where("id", "=", victim.id).execute();
    const found = store.requests.find(tenant.projectId, victim.id);
    await expect(found).rejects.toMatchObject({ code: "SEALED_DATA_UNREADABLE" });
    const decided = store.requests.resolve(tenant.projectId, victim.id, 1, approval(tenant));
    await expect(decided).rejects.toMatchObject({ code: "SEALED_DATA_UNREADABLE" });
    const { items } = await store.requests.list(tenant.projectId, newest());
    expect(items.map(({ status }) => status)).toEqual(["PENDING", "PENDING"]);
    expect(await store.requests.expireDue(NOW + HOUR, 10)).toHaveLength(2);
    await store.close();
  });
});
