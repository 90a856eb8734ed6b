import type { Kysely, Migration } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What was answered to which idempotency key. */
export function idempotency({ columns, finishTable }: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await finishTable(
        db.schema
          .createTable("idempotency_keys")
          .addColumn("id", "text", (c) => c.primaryKey().notNull())
          .addColumn("body_digest", "text", (c) => c.notNull())
          .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
          .addColumn("fence", "integer", (c) => c.notNull())
          .addColumn("lease_expires_at", columns.bigInteger, (c) => c.notNull())
          .addColumn("answered", columns.boolean, (c) => c.notNull())
          .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
          .addColumn("sealed", columns.bytes, (c) => c.notNull()),
      ).execute();
      await db.schema
        .createIndex("idempotency_keys_created")
        .on("idempotency_keys")
        .columns(["created_at", "id"])
        .execute();
    },
  };
}
