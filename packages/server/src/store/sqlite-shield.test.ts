import { Migrator, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { approval, createMasterKey, createTenant } from "./conformance/fixture.js";
import { Watched } from "./conformance/shield-steps.js";
import type { Database } from "./database.js";
import { openSqliteMemory } from "./dialects/sqlite/open.js";
import { listMigrations, migrate } from "./migrations/migrate.js";
import { Vault } from "./sealing/vault.js";
import type { Store } from "./store.js";
import { createApiKeyStore } from "./tables/api-keys.js";
import { createEventWriter, type EventWriter } from "./tables/event-row.js";
import { createKeyRing } from "./tables/key-ring.js";
import { createOperatorStore } from "./tables/operators.js";
import { createProjectEventWriter } from "./tables/project-events.js";
import { createProjectStore } from "./tables/projects.js";
import { createReceiptWriter } from "./tables/receipts.js";
import { createRequestStore } from "./tables/requests.js";
import { createShieldParts, createShieldStore } from "./tables/shield.js";
import { toProfile } from "./tables/shield-profile-row.js";
import { createReviewFollower } from "./tables/shield-reviews.js";
import { ensureSigningKeys } from "./tables/signing-keys.js";

let database: Database;
beforeEach(async () => {
  database = await openSqliteMemory();
});
afterEach(() => database.close());

const rowsOf = async (table: "requests" | "events" | "receipts" | "shield_entries") =>
  (await database.read(({ db }) => db.selectFrom(table).select("id").execute())).length;

describe("a step and its request", () => {
  let vault: Vault;
  beforeEach(async () => {
    vault = new Vault([createMasterKey()]);
    await migrate(database);
    await database.write(({ db }) =>
      db.insertInto("master_keys").values({ id: vault.writingKeyId }).execute(),
    );
    await ensureSigningKeys(database, vault);
  });

  /** As much of a store as a measured request needs, whose events go through this writer last. */
  async function watchedBy(last: EventWriter) {
    const ring = createKeyRing(vault);
    const shield = createShieldParts(database.dialect);
    const appendEvent = createEventWriter(database.dialect, [
      createReceiptWriter(ring),
      createReviewFollower(shield.review),
      last,
    ]);
    const appendProjectEvent = createProjectEventWriter(database.dialect, ring);
    const store = {
      requests: createRequestStore(database, vault, appendEvent, shield),
      shield: createShieldStore(database, shield, appendProjectEvent),
      projects: createProjectStore(database),
      operators: createOperatorStore(database),
      apiKeys: createApiKeyStore(database),
    } as unknown as Store;
    return { store, watched: await Watched.create(store, await createTenant(store)) };
  }

  it("are both undone when the anomaly cannot be told of", async () => {
    const { store, watched } = await watchedBy(async (_transaction, { type }) => {
      if (type === "shield.anomaly") throw new Error("no");
    });
    await expect(store.requests.create(watched.draft())).rejects.toThrow("no");
    for (const table of ["requests", "events", "receipts", "shield_entries"] as const) {
      expect(await rowsOf(table)).toBe(0);
    }
    const { items } = await store.shield.listRuns(watched.profile.id, { limit: 10 });
    expect(items).toEqual([]);
  });

  it("[P-SHIELD-TAUGHT] are taught nothing by a decision that is undone", async () => {
    const { store, watched } = await watchedBy(async (_transaction, { type }) => {
      if (type === "request.approved") throw new Error("no");
    });
    const { tenant, profile } = watched;
    const draft = watched.draft();
    await store.requests.create(draft);
    const decision = store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
    await expect(decision).rejects.toThrow("no");
    expect(await rowsOf("shield_entries")).toBe(1);
    expect(await store.shield.findStep(profile.id, draft.id)).not.toHaveProperty("review");
    const rejection = approval(tenant, { status: "REJECTED" });
    await store.requests.resolve(tenant.projectId, draft.id, 1, rejection);
    expect(await store.shield.findStep(profile.id, draft.id)).toMatchObject({
      review: { answer: "unusual" },
    });
  });
});

/** Brings the schema as far as a migration, and says something in it. */
async function migrateTo(name: string, statements: readonly string[]): Promise<void> {
  await database.alter(async (db) => {
    const provider = { getMigrations: async () => listMigrations(database.dialect) };
    const { error } = await new Migrator({ db, provider }).migrateTo(name);
    expect(error).toBeUndefined();
    for (const statement of statements) await sql.raw(statement).execute(db);
  });
}

const OLD_PROJECT = "insert into projects (id, name, created_at) values ('prj_x', 'Old', 1)";

it("takes over settings that were set before they were counted", async () => {
  await migrateTo("0013-shield", [
    OLD_PROJECT,
    `insert into shield_profiles (id, project_id, service, environment, mode, settings, created_at,
        learning_since_runs, snapshot_sequence, pruned_sequence)
      values ('shp_x', 'prj_x', 's', '', 'shadow', '{"holdOneIn":50,"pauseAfter":3,"rules":{}}', 1,
        0, 0, 0)`,
  ]);
  await migrate(database);
  const select = database.read(({ db }) => db.selectFrom("shield_profiles").selectAll().execute());
  const profiles = (await select).map((row) => toProfile(row, database.dialect));
  expect(profiles).toMatchObject([
    { id: "shp_x", settings: { holdOneIn: 50 }, settingsRevision: 0 },
  ]);
});

it("takes over a database with observations, which were never measured, without them", async () => {
  await migrateTo("0012-gate", [
    OLD_PROJECT,
    "insert into agents (id, project_id, name, created_at) values ('agt_x', 'prj_x', 'a', 1)",
    `insert into observations (project_id, agent_id, id, service, action, observed_at, received_at)
      values ('prj_x', 'agt_x', 'obs_x', 's', 'a', 1, 1)`,
  ]);
  await migrate(database);
  expect(await rowsOf("shield_entries")).toBe(0);
  const tables = await database.auth.db.introspection.getTables();
  expect(tables.map(({ name }) => name)).not.toContain("observations");
});
