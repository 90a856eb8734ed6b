import type { Kysely, Migration } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** What several control planes on one database need of it. */
export function replicas(dialect: Dialect): Migration {
  return { up: (db: Kysely<unknown>) => dialect.shareChanges(db) };
}
