import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What agents were observed to do. */
export function observations(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createObservations(db, dialect);
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
    },
  };
}

async function createObservations(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("observations")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("service", "text", (c) => c.notNull())
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("skeleton_hash", "text")
      .addColumn("run_id", "text")
      .addColumn("parent_request_id", "text")
      .addColumn("environment", "text")
      .addColumn("agent_label", "text")
      .addColumn("observed_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("received_at", columns.bigInteger, (c) => c.notNull())
      .addPrimaryKeyConstraint("observations_pkey", ["project_id", "agent_id", "id"]),
  ).execute();
}

const INDEXES = [
  "create index observations_newest on observations (project_id, received_at, id)",
  "create index observations_run on observations (project_id, run_id, received_at, id) where run_id is not null",
  "create index observations_received on observations (received_at)",
];
