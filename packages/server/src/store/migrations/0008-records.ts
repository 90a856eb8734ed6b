import type { Kysely, Migration } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What agents keep under names of their own. */
export function records({ columns, finishTable }: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await finishTable(
        db.schema
          .createTable("records")
          .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
          .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
          .addColumn("key", columns.bytewiseText, (c) => c.notNull())
          .addColumn("updated_at", columns.bigInteger, (c) => c.notNull())
          .addColumn("encrypted", columns.boolean, (c) => c.notNull())
          // Of the value as it travels.
          .addColumn("bytes", "integer", (c) => c.notNull())
          .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
          .addColumn("data_key", columns.bytes, (c) => c.notNull())
          // Last: what is before it is read without it.
          .addColumn("sealed_value", columns.bytes, (c) => c.notNull())
          .addPrimaryKeyConstraint("records_pkey", ["project_id", "agent_id", "key"]),
      ).execute();
    },
  };
}
