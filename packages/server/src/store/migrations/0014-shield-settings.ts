import type { Kysely, Migration } from "kysely";

/** Settings of the shield count their changes, so that nobody writes over one that was not seen. */
export function shieldSettings(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable("shield_profiles")
        .addColumn("settings_revision", "integer", (c) => c.notNull().defaultTo(0))
        .execute();
    },
  };
}
