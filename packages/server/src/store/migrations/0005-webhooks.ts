import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Where events go, and every event on its way there. */
export function webhooks(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createEndpoints(db, dialect);
      await createDeliveries(db, dialect);
    },
  };
}

async function createEndpoints(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("webhook_endpoints")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("url", "text", (c) => c.notNull())
      .addColumn("description", "text")
      .addColumn("event_types", columns.json)
      .addColumn("enabled", columns.boolean, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("deleted_at", columns.bigInteger)
      .addColumn("secret_hint", "text", (c) => c.notNull())
      .addColumn("previous_hint", "text")
      .addColumn("previous_expires_at", columns.bigInteger)
      .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
      .addColumn("data_key", columns.bytes, (c) => c.notNull())
      .addColumn("sealed_secret", columns.bytes)
      .addColumn("sealed_previous_secret", columns.bytes),
  ).execute();
  await sql`create index webhook_endpoints_project on webhook_endpoints (project_id, created_at, id) where deleted_at is null`.execute(
    db,
  );
}

/** No reference to the endpoint or the event: an event must never fail for the sake of a notice. */
async function createDeliveries(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("webhook_deliveries")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull())
      .addColumn("endpoint_id", "text", (c) => c.notNull())
      .addColumn("event_id", "text", (c) => c.notNull())
      .addColumn("type", "text", (c) => c.notNull())
      .addColumn("request_id", "text")
      .addColumn("status", "text", (c) => c.notNull())
      .addColumn("attempts", "integer", (c) => c.notNull())
      .addColumn("fence", "integer", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("next_attempt_at", columns.bigInteger)
      .addColumn("delivered_at", columns.bigInteger)
      .addColumn("last_status", "integer")
      .addColumn("last_error", "text")
      .addColumn("last_attempt_at", columns.bigInteger),
  ).execute();
  for (const statement of DELIVERY_INDEXES) await sql.raw(statement).execute(db);
}

const DELIVERY_INDEXES = [
  "create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'PENDING'",
  "create index webhook_deliveries_ended on webhook_deliveries (created_at) where status <> 'PENDING'",
  "create index webhook_deliveries_newest on webhook_deliveries (project_id, created_at, id)",
  "create index webhook_deliveries_endpoint on webhook_deliveries (endpoint_id, created_at, id)",
  // Few against all those delivered, and what people look for.
  "create index webhook_deliveries_open on webhook_deliveries (project_id, status, created_at, id) where status <> 'DELIVERED'",
];
