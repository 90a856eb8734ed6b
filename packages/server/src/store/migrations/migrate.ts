import { type Migration, Migrator } from "kysely";
import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { spine } from "./0001-spine.js";
import { executions } from "./0002-executions.js";

/** Every migration, in order. A released one is never changed, renamed or removed. */
export function listMigrations(dialect: Dialect): Record<string, Migration> {
  return { "0001-spine": spine(dialect), "0002-executions": executions(dialect) };
}

/** Brings the schema up to date. All of it happens, or nothing; of several at once, one does it. */
export async function migrate({ auth, dialect }: Database): Promise<void> {
  const migrator = new Migrator({
    db: auth.db,
    provider: { getMigrations: async () => listMigrations(dialect) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
