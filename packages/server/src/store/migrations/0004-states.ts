import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Parked states, and what retention has taken away. */
export function states(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createStates(db, dialect);
      await extendRequests(db, dialect);
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
    },
  };
}

async function createStates(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("states")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("digest", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("size_bytes", columns.bigInteger)
      .addColumn("uploaded_at", columns.bigInteger)
      // When a request last named it.
      .addColumn("attached_at", columns.bigInteger)
      // Set before its bytes are deleted, so that a crash in between is found again.
      .addColumn("deleting_at", columns.bigInteger)
      .addColumn("deleted_at", columns.bigInteger)
      .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
      // Null once deleted.
      .addColumn("sealed_key", columns.bytes),
  ).execute();
}

async function extendRequests(db: Kysely<unknown>, { columns }: Dialect) {
  const table = () => db.schema.alterTable("requests");
  await table().addColumn("state_id", "text").execute();
  await table().addColumn("contents_deleted_at", columns.bigInteger).execute();
}

const INDEXES = [
  "create index states_unnamed on states (created_at) where attached_at is null and deleting_at is null",
  "create index states_named on states (attached_at) where attached_at is not null and deleting_at is null",
  "create index states_deleting on states (deleting_at) where deleting_at is not null and deleted_at is null",
  "create index requests_state on requests (state_id) where state_id is not null",
  "create index requests_contents on requests (resolved_at) where resolved_at is not null and contents_deleted_at is null",
];
