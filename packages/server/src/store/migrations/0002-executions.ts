import type { Kysely, Migration } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What a decision authorises, and what became of it. */
export function executions(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await extendRequests(db, dialect);
      await extendEvents(db, dialect);
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
