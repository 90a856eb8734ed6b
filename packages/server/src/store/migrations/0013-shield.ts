import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/**
 * What services are known to do: the log of steps and reviews, the profiles that are folded from it,
 * and the runs that it tells of.
 *
 * Observations become part of the log. Those that are there already go: they were kept for 30 days,
 * they were never measured, and a profile would have to learn from them in an order nobody knows.
 */
export function shield(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createProfiles(db, dialect);
      await createEntries(db, dialect);
      await createRuns(db, dialect);
      await createSnapshots(db, dialect);
      await db.schema.alterTable("requests").addColumn("shield", dialect.columns.json).execute();
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
      await dialect.orderInserts(db, "shield_entries");
      await db.schema.dropTable("observations").execute();
    },
  };
}

async function createProfiles(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("shield_profiles")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("service", "text", (c) => c.notNull())
      .addColumn("environment", "text", (c) => c.notNull())
      .addColumn("mode", "text", (c) => c.notNull())
      .addColumn("settings", columns.json, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("changed_at", columns.bigInteger)
      .addColumn("changed_by_type", "text")
      .addColumn("changed_by_id", "text")
      .addColumn("changed_by_name", "text")
      .addColumn("locked_at_runs", columns.bigInteger)
      .addColumn("learning_since_runs", columns.bigInteger, (c) => c.notNull())
      .addColumn("snapshot_id", "text")
      .addColumn("snapshot_sequence", columns.bigInteger, (c) => c.notNull())
      .addColumn("pruned_sequence", columns.bigInteger, (c) => c.notNull())
      .addUniqueConstraint("shield_profiles_place", ["project_id", "service", "environment"]),
  ).execute();
}

/**
 * Tied to its profile alone. It is written under the lock on the order of commits, where nothing may
 * wait for whoever holds the row of an agent or a project and waits for that lock.
 */
async function createEntries(
  db: Kysely<unknown>,
  { columns, finishTable, finishSequence }: Dialect,
) {
  await finishTable(
    db.schema
      .createTable("shield_entries")
      .addColumn("sequence", columns.sequence, (c) => finishSequence(c.primaryKey().notNull()))
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("profile_id", "text", (c) => c.notNull().references("shield_profiles.id"))
      .addColumn("project_id", "text", (c) => c.notNull())
      .addColumn("agent_id", "text", (c) => c.notNull())
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("source", "text")
      .addColumn("run_key", "text", (c) => c.notNull())
      .addColumn("run_id", "text")
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("previous", "text")
      .addColumn("before_previous", "text")
      .addColumn("skeleton_hash", "text")
      .addColumn("priority", "text", (c) => c.notNull())
      .addColumn("fingerprint", "text")
      .addColumn("sensitive", columns.json)
      .addColumn("cost_minor", columns.bigInteger)
      .addColumn("cost_currency", "text")
      .addColumn("observed_at", columns.bigInteger)
      .addColumn("received_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("ends_run", columns.boolean, (c) => c.notNull())
      .addColumn("surprise_bits", columns.double, (c) => c.notNull())
      .addColumn("departs", columns.boolean, (c) => c.notNull())
      .addColumn("learns", columns.boolean, (c) => c.notNull())
      .addColumn("answer", "text")
      .addColumn("anomaly_effect", "text")
      .addColumn("reviewed_at", columns.bigInteger)
      .addColumn("reviewed_by_type", "text")
      .addColumn("reviewed_by_id", "text")
      .addColumn("reviewed_by_name", "text")
      .addColumn("agent_label", "text")
      .addColumn("parent_request_id", "text")
      .addColumn("verdict", columns.json)
      .addUniqueConstraint("shield_entries_id", ["project_id", "id", "agent_id", "kind"]),
  ).execute();
}

async function createRuns(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("shield_runs")
      .addColumn("profile_id", "text", (c) => c.notNull().references("shield_profiles.id"))
      .addColumn("run_key", "text", (c) => c.notNull())
      .addColumn("run_id", "text")
      .addColumn("agent_id", "text", (c) => c.notNull())
      .addColumn("started_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("last_step_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("last_sequence", columns.bigInteger, (c) => c.notNull())
      .addColumn("steps", columns.bigInteger, (c) => c.notNull())
      .addColumn("anomalies", columns.bigInteger, (c) => c.notNull())
      .addColumn("max_surprise_bits", columns.double, (c) => c.notNull())
      .addColumn("is_over", columns.boolean, (c) => c.notNull())
      .addPrimaryKeyConstraint("shield_runs_pkey", ["profile_id", "run_key"]),
  ).execute();
}

/** In parts, written one by one: they are snapshots once their profile names them. */
async function createSnapshots(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("shield_snapshots")
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("part", "integer", (c) => c.notNull())
      .addColumn("profile_id", "text", (c) => c.notNull().references("shield_profiles.id"))
      .addColumn("sequence", columns.bigInteger, (c) => c.notNull())
      .addColumn("bytes", columns.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint("shield_snapshots_pkey", ["id", "part"]),
  ).execute();
}

const INDEXES = [
  "create index shield_entries_profile on shield_entries (profile_id, sequence)",
  "create index shield_entries_run on shield_entries (profile_id, run_key, sequence)",
  "create index shield_entries_action on shield_entries (profile_id, action, sequence)",
  "create index shield_entries_anomalies on shield_entries (profile_id, sequence) where anomaly_effect is not null",
  "create index shield_entries_count on shield_entries (profile_id, received_at) where kind = 'step'",
  "create index shield_entries_newest on shield_entries (project_id, sequence)",
  "create index shield_entries_run_id on shield_entries (project_id, run_id, sequence) where run_id is not null",
  "create index shield_entries_received on shield_entries (received_at)",
  "create index shield_runs_latest on shield_runs (profile_id, last_sequence)",
  "create index shield_runs_agent on shield_runs (profile_id, agent_id, last_sequence)",
  "create index shield_runs_anomalies on shield_runs (profile_id, last_sequence) where anomalies > 0",
  "create index shield_snapshots_profile on shield_snapshots (profile_id, sequence)",
  "create index shield_runs_old on shield_runs (last_step_at)",
];
