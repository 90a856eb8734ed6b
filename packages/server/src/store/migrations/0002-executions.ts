import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What a decision authorises, and what became of it. */
export function executions(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await extendRequests(db, dialect);
      await extendEvents(db, dialect);
      await createExecutions(db, dialect);
    },
  };
}

async function extendRequests(db: Kysely<unknown>, { columns }: Dialect) {
  const add = (name: string, type: Parameters<ReturnType<typeof table>["addColumn"]>[1]) =>
    table().addColumn(name, type).execute();
  const table = () => db.schema.alterTable("requests");
  await add("payload_digest", "text");
  await add("approved_digest", "text");
  await add("grant_id", "text");
  await add("grant_expires_at", columns.bigInteger);
  await add("resolution_event_id", "text");
  await add("execution_id", "text");
  await add("witness_digest", "text");
  await add("sealed_witness_change", columns.bytes);
}

async function extendEvents(db: Kysely<unknown>, { columns }: Dialect) {
  const table = () => db.schema.alterTable("events");
  await table().addColumn("execution_id", "text").execute();
  await table().addColumn("fencing_token", "integer").execute();
  await table().addColumn("reconciled", columns.boolean).execute();
}

/** One row per request, for good: what is unique here is what makes a grant one-use. */
async function createExecutions(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("executions")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("request_id", "text", (c) => c.notNull().unique().references("requests.id"))
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull())
      .addColumn("status", "text", (c) => c.notNull())
      .addColumn("fencing_token", "integer", (c) => c.notNull())
      .addColumn("idempotent", columns.boolean, (c) => c.notNull())
      .addColumn("claim_id", "text", (c) => c.notNull())
      .addColumn("claimed_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("lease_expires_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("settled_at", columns.bigInteger)
      .addColumn("reconciled", columns.boolean, (c) => c.notNull())
      .addColumn("settled_by_type", "text")
      .addColumn("settled_by_id", "text")
      .addColumn("settled_by_name", "text")
      .addColumn("result_digest", "text")
      .addColumn("error_digest", "text")
      .addColumn("evidence_digest", "text")
      .addColumn("sealed_result", columns.bytes)
      .addColumn("sealed_error", columns.bytes)
      .addColumn("sealed_evidence", columns.bytes),
  ).execute();
  await sql`create index executions_lease on executions (lease_expires_at, id) where status = 'CLAIMED'`.execute(
    db,
  );
}
