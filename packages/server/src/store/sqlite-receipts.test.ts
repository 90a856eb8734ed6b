import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entryOf } from "../receipts/entries.js";
import { hashLeaf } from "../receipts/tree/hash.js";
import { plainRoot } from "../receipts/tree/testing/plain.js";
import { approval, createMasterKey, createTenant } from "./conformance/fixture.js";
import type { Database } from "./database.js";
import { openSqliteMemory } from "./dialects/sqlite/open.js";
import { migrate } from "./migrations/migrate.js";
import { Vault } from "./sealing/vault.js";
import { createSqliteStore } from "./sqlite.js";
import type { Store } from "./store.js";
import { createApiKeyStore } from "./tables/api-keys.js";
import { createEventWriter, type EventWriter } from "./tables/event-row.js";
import { createKeyRing } from "./tables/key-ring.js";
import { createOperatorStore } from "./tables/operators.js";
import { createProjectStore } from "./tables/projects.js";
import { createReceiptWriter } from "./tables/receipts.js";
import { createRequestStore } from "./tables/requests.js";
import { createShieldParts } from "./tables/shield.js";
import { ensureSigningKeys } from "./tables/signing-keys.js";

describe("a receipt and its event", () => {
  let database: Database;
  let vault: Vault;
  beforeEach(async () => {
    vault = new Vault([createMasterKey()]);
    database = await openSqliteMemory();
    await migrate(database);
    await database.write(({ db }) =>
      db.insertInto("master_keys").values({ id: vault.writingKeyId }).execute(),
    );
    await ensureSigningKeys(database, vault);
  });
  afterEach(() => database.close());

  const failing: EventWriter = async () => {
    throw new Error("no");
  };

  /** As much of a store as a tenant needs, whose events go through these writers too. */
  async function tenantOf(...others: readonly EventWriter[]) {
    const appendEvent = createEventWriter(database.dialect, others);
    const shield = createShieldParts(database.dialect);
    const store = {
      requests: createRequestStore(database, vault, appendEvent, shield),
      projects: createProjectStore(database),
      operators: createOperatorStore(database),
      apiKeys: createApiKeyStore(database),
    } as unknown as Store;
    return { store, tenant: await createTenant(store) };
  }

  async function countRows() {
    const tables = ["requests", "events", "receipts"] as const;
    const counts = tables.map(async (table) => {
      const rows = await database.read(({ db }) => db.selectFrom(table).select("id").execute());
      return [table, rows.length] as const;
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  it.each([
    ["the receipt cannot be written", (receipt: EventWriter) => [failing, receipt]],
    ["what comes after it fails", (receipt: EventWriter) => [receipt, failing]],
  ])("are both undone when %s", async (_name, writersOf) => {
    const receipt = createReceiptWriter(createKeyRing(vault));
    const { store, tenant } = await tenantOf(...writersOf(receipt));
    await expect(store.requests.create(tenant.draft())).rejects.toThrow("no");
    expect(await countRows()).toEqual({ requests: 0, events: 0, receipts: 0 });
  });

  it("are both undone when the decision they tell of is", async () => {
    const receipt = createReceiptWriter(createKeyRing(vault));
    const { store, tenant } = await tenantOf(receipt, async (_transaction, { type }) => {
      if (type === "request.approved") throw new Error("no");
    });
    const draft = tenant.draft();
    await store.requests.create(draft);
    const decision = store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
    await expect(decision).rejects.toThrow("no");
    expect(await countRows()).toEqual({ requests: 1, events: 1, receipts: 1 });
    const found = await store.requests.find(tenant.projectId, draft.id);
    expect(found?.status).toBe("PENDING");
  });

  it("does not happen when there is no key to sign with", async () => {
    const { store, tenant } = await tenantOf(createReceiptWriter(createKeyRing(vault)));
    await database.write(({ db }) => db.deleteFrom("signing_keys").execute());
    await expect(store.requests.create(tenant.draft())).rejects.toThrow(TypeError);
    expect(await countRows()).toEqual({ requests: 0, events: 0, receipts: 0 });
  });
});

describe("a log that is interrupted", () => {
  let folder: string;
  const masterKey = createMasterKey();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "holdpoint-log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const openStore = () =>
    createSqliteStore({ storage: { path: join(folder, "log.db") }, masterKeys: [masterKey] });

  /** The root of all receipts in the log, by the plain definition. */
  async function rootOf(store: Store, projectId: string): Promise<string> {
    const receipts = await store.receipts.listAfter(projectId, -1, 10_000);
    const leaves = receipts.map(({ jws }) => hashLeaf(entryOf(jws)));
    return Buffer.from(plainRoot(leaves)).toString("base64");
  }

  it("goes on after a restart where it stood, under the same name and key", async () => {
    let store = await openStore();
    const tenant = await createTenant(store);
    await store.log.open("first.example/v1/log");
    await Promise.all(Array.from({ length: 700 }, () => store.requests.create(tenant.draft())));
    const keys = await store.signingKeys.list();
    for (const [limit, size] of [
      [300, 300],
      [0, 300],
      [56, 356],
      [1_000, 700],
    ] as const) {
      await store.log.integrate(limit);
      await store.close();
      store = await openStore();
      await store.log.open("second.example/v1/log");
      const head = await store.log.head();
      expect(head).toMatchObject({ size, origin: "first.example/v1/log" });
      expect(head.checkpoint.split("\n")[2]).toBe(await rootOf(store, tenant.projectId));
      expect(await store.signingKeys.list()).toEqual(keys);
    }
    await store.close();
  });

  it("takes in all of a batch or nothing of it", async () => {
    const store = await openStore();
    const tenant = await createTenant(store);
    await store.log.open("log.example/v1/log");
    await Promise.all(Array.from({ length: 10 }, () => store.requests.create(tenant.draft())));
    await store.log.integrate(4);
    const before = await store.log.head();
    const tiles = () => store.log.tiles([0, -1].map((level) => ({ level, index: 0 })));
    const tilesBefore = await tiles();
    // The head is written last, when everything else has been.
    const { db } = store.auth;
    const refuse =
      "create trigger refuse before update on log_head begin select raise(abort, 'no'); end";
    await sql.raw(refuse).execute(db);
    await expect(store.log.integrate(100)).rejects.toThrow("no");
    expect(await store.log.head()).toEqual(before);
    expect(await tiles()).toEqual(tilesBefore);
    expect(await store.receipts.listAfter(tenant.projectId, -1, 100)).toHaveLength(4);
    await sql.raw("drop trigger refuse").execute(db);
    expect(await store.log.integrate(100)).toBe(6);
    const { checkpoint } = await store.log.head();
    expect(checkpoint.split("\n")[2]).toBe(await rootOf(store, tenant.projectId));
    await store.close();
  });
});
