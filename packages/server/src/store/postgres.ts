import { assembleStore, type DatabaseStore } from "./assemble.js";
import { openPostgres } from "./dialects/postgres/open.js";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, of PostgreSQL 14 or later, encoded in UTF-8. */
  readonly connectionString: string;
  /** As of the embedded store: the first writes, all of them read. */
  readonly masterKeys: readonly string[];
  /** Connections at a time, 2 or more. Default 10; one more listens for changes. */
  readonly poolSize?: number;
}

/**
 * Opens a store on PostgreSQL and brings its schema up to date. Any number of stores share one
 * database.
 *
 * @throws {MasterKeyError} `MASTER_KEY_INVALID`, `MASTER_KEY_WRONG`: nothing has been changed.
 * @throws {StoreError} `DATABASE_UNREACHABLE`, `DATABASE_REFUSED`, `DATABASE_UNSUITABLE`.
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<DatabaseStore> {
  const { connectionString, masterKeys, poolSize } = options;
  return assembleStore(() => openPostgres(connectionString, poolSize), masterKeys);
}
