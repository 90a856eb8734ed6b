import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Money that one agent puts aside for another, and the keys by which agents sign. */
export function escrow({ columns, finishTable }: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await finishTable(
        db.schema
          .createTable("agent_keys")
          .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
          .addColumn("key_id", "text", (c) => c.notNull())
          .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
          .addColumn("x", "text", (c) => c.notNull())
          .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
          .addColumn("attestation", "text", (c) => c.notNull())
          .addPrimaryKeyConstraint("agent_keys_pkey", ["project_id", "key_id"]),
      ).execute();
      await finishTable(
        db.schema
          .createTable("escrows")
          .addColumn("id", "text", (c) => c.primaryKey().notNull())
          .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
          .addColumn("request_id", "text", (c) =>
            c.notNull().unique().references("purchases.request_id"),
          )
          .addColumn("payer_agent_id", "text", (c) => c.notNull().references("agents.id"))
          .addColumn("payee_agent_id", "text", (c) => c.notNull().references("agents.id"))
          .addColumn("payer_key_id", "text", (c) => c.notNull())
          .addColumn("payee_key_id", "text", (c) => c.notNull())
          .addColumn("stage", "text", (c) => c.notNull())
          .addColumn("fulfil_by", columns.bigInteger, (c) => c.notNull())
          .addColumn("release_by", columns.bigInteger, (c) => c.notNull())
          .addColumn("parent_id", "text", (c) => c.references("escrows.id"))
          .addColumn("root_id", "text", (c) => c.notNull())
          .addColumn("steps", columns.json, (c) => c.notNull())
          .addColumn("sealed_result", columns.bytes)
          .addColumn("sealed_reason", columns.bytes)
          .addColumn("disputed_by_type", "text")
          .addColumn("disputed_by_id", "text")
          .addColumn("disputed_by_name", "text")
          .addColumn("dispute_request_id", "text", (c) => c.references("requests.id"))
          .addColumn("due_at", columns.bigInteger)
          .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
          .addColumn("fulfilled_at", columns.bigInteger)
          .addColumn("ended_at", columns.bigInteger),
      ).execute();
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
    },
  };
}

const INDEXES = [
  "create index agent_keys_agent on agent_keys (agent_id, created_at)",
  "create index escrows_newest on escrows (project_id, created_at, id)",
  "create index escrows_payer on escrows (payer_agent_id, created_at, id)",
  "create index escrows_payee on escrows (payee_agent_id, created_at, id)",
  "create index escrows_root on escrows (root_id)",
  "create index escrows_parent on escrows (parent_id) where parent_id is not null",
  "create index escrows_dispute on escrows (dispute_request_id) where dispute_request_id is not null",
  "create index escrows_due on escrows (due_at) where due_at is not null",
];
