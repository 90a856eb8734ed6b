import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from "kysely";
import type { Schema } from "../../schema.js";
import type { Mutex } from "./mutex.js";

/**
 * Kysely on a connection that others share. Each query or transaction takes the connection from
 * `mutex`, if given, and nothing but its owner closes it.
 */
export function createKysely(database: SqliteDatabase, mutex?: Mutex): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new SharedDialect(database, mutex) });
}

class SharedDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;
  readonly #mutex: Mutex | undefined;

  constructor(database: SqliteDatabase, mutex: Mutex | undefined) {
    super({ database });
    this.#database = database;
    this.#mutex = mutex;
  }

  override createDriver() {
    return new SharedDriver(this.#database, this.#mutex);
  }

  override createAdapter() {
    return new TransactionalDdlAdapter();
  }
}

/** SQLite can undo changes of the schema; Kysely assumes it cannot and would leave half a migration. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true;
  }
}

class SharedDriver extends SqliteDriver {
  readonly #mutex: Mutex | undefined;

  constructor(database: SqliteDatabase, mutex: Mutex | undefined) {
    super({ database });
    this.#mutex = mutex;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#mutex?.acquire();
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    await super.releaseConnection();
    this.#mutex?.release();
  }

  /** A transaction that reads first and writes later fails under another writer if it began as a reader. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  override async destroy(): Promise<void> {}
}
