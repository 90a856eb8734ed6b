import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Receipts of events, the keys that sign them, and the log they stand in. */
export function receipts(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createSigningKeys(db, dialect);
      await createReceipts(db, dialect);
      await createLog(db, dialect);
    },
  };
}

async function createSigningKeys(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("signing_keys")
      .addColumn("kid", "text", (c) => c.primaryKey().notNull())
      .addColumn("purpose", "text", (c) => c.notNull())
      .addColumn("generation", "integer", (c) => c.notNull())
      .addColumn("public_key", columns.bytes, (c) => c.notNull())
      .addColumn("not_before", columns.bigInteger)
      .addColumn("not_after", columns.bigInteger)
      .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
      .addColumn("sealed_seed", columns.bytes, (c) => c.notNull())
      .addUniqueConstraint("signing_keys_generation", ["purpose", "generation"]),
  ).execute();
}

async function createReceipts(db: Kysely<unknown>, dialect: Dialect) {
  const { columns, finishTable, finishSequence } = dialect;
  await finishTable(
    db.schema
      .createTable("receipts")
      .addColumn("sequence", columns.sequence, (c) => finishSequence(c.primaryKey().notNull()))
      .addColumn("id", "text", (c) => c.notNull().unique())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull())
      .addColumn("log_index", columns.bigInteger)
      .addColumn("jws", "text", (c) => c.notNull()),
  ).execute();
  await sql`create index receipts_waiting on receipts (sequence) where log_index is null`.execute(
    db,
  );
  await sql`create index receipts_project on receipts (project_id, log_index) where log_index is not null`.execute(
    db,
  );
}

async function createLog(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("log_head")
      .addColumn("id", "integer", (c) => c.primaryKey().notNull())
      .addColumn("origin", "text", (c) => c.notNull())
      .addColumn("size", columns.bigInteger, (c) => c.notNull())
      .addColumn("kid", "text", (c) => c.notNull().references("signing_keys.kid"))
      .addColumn("checkpoint", "text", (c) => c.notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("log_tiles")
      .addColumn("level", "integer", (c) => c.notNull())
      .addColumn("place", columns.bigInteger, (c) => c.notNull())
      .addColumn("bytes", columns.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint("log_tiles_pk", ["level", "place"]),
  ).execute();
}
