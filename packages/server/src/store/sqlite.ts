import { assembleStore, type DatabaseStore } from "./assemble.js";
import { openSqliteFile, openSqliteMemory } from "./dialects/sqlite/open.js";

export interface SqliteStoreOptions {
  /**
   * The database file, made with its folder when absent, or nothing but memory. Beside the file
   * SQLite keeps `-wal` and `-shm`, and the store `.lock`.
   */
  readonly storage: { readonly path: string } | { readonly memory: true };
  /**
   * Wrap the data keys: 32 bytes each as base64url. The first writes, all of them read. Every key
   * the database was ever written with must be there.
   */
  readonly masterKeys: readonly string[];
}

/**
 * Opens the embedded store and brings its schema up to date.
 *
 * @throws {MasterKeyError} `MASTER_KEY_INVALID`, `MASTER_KEY_WRONG`: nothing has been changed.
 * @throws {StoreError} `STORE_IN_USE`: another store has this file open.
 */
export async function createSqliteStore(options: SqliteStoreOptions): Promise<DatabaseStore> {
  const { storage, masterKeys } = options;
  const open = () => ("path" in storage ? openSqliteFile(storage.path) : openSqliteMemory());
  return assembleStore(open, masterKeys);
}
