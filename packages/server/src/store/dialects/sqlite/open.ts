import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { SqliteDatabase } from "kysely";
import type { Database, Transaction } from "../../database.js";
import { sqliteDialect } from "./dialect.js";
import { type Connection, forKysely, loadSqlite } from "./driver.js";
import { GroupCommit } from "./group-commit.js";
import { createKysely } from "./kysely.js";
import { claimFile } from "./lock.js";
import { Mutex } from "./mutex.js";

/** Durable on every commit; a reader never waits for the writer. */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma busy_timeout = 5000;
  pragma foreign_keys = on;
  pragma temp_store = memory;
  pragma journal_size_limit = 67108864;
`;

/**
 * Opens a database file, making it and its folder when absent (readable by their owner only).
 *
 * @throws {StoreError} `STORE_IN_USE`: another store has this file open.
 */
export async function openSqliteFile(path: string): Promise<Database> {
  const { DatabaseSync } = await loadSqlite();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = claimFile(path, (file) => new DatabaseSync(file));
  const opened: Connection[] = [lock];
  const open = (options: { readOnly?: boolean } = {}) => {
    const connection = new DatabaseSync(path, options);
    opened.unshift(connection);
    return connection;
  };
  try {
    closeSync(openSync(path, "a", 0o600));
    const writer = open();
    writer.exec(PRAGMAS);
    const reader = open({ readOnly: true });
    reader.exec("pragma busy_timeout = 5000; pragma temp_store = memory;");
    return createDatabase({ writer, reader, close: () => closeAll(opened) });
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

/** Opens a database that is gone when closed. */
export async function openSqliteMemory(): Promise<Database> {
  const { DatabaseSync } = await loadSqlite();
  const writer = new DatabaseSync(":memory:");
  writer.exec(PRAGMAS);
  return createDatabase({ writer, close: () => writer.close() });
}

function closeAll(connections: readonly Connection[]): void {
  for (const connection of connections) connection.close();
}

/**
 * A database over open connections. Without a `reader`, reads take their turn on the writing
 * connection, never inside a transaction.
 */
export function createDatabase(options: {
  readonly writer: Connection;
  readonly reader?: Connection;
  /** The writer as Kysely uses it. */
  readonly kysely?: SqliteDatabase;
  readonly close: () => void;
}): Database {
  const { writer, reader, kysely = forKysely(writer), close } = options;
  const mutex = new Mutex();
  const transaction: Transaction = { db: createKysely(kysely), writes: true };
  const commits = new GroupCommit({ connection: writer, transaction, mutex });
  const auth = createKysely(kysely, mutex);
  const reads = { db: reader === undefined ? auth : createKysely(forKysely(reader)) };
  return {
    dialect: sqliteDialect,
    read: (query) => query(reads),
    write: (mutation) => commits.run(mutation),
    alter: (change) => change(auth),
    auth: { db: auth, type: "sqlite" },
    async close() {
      await commits.settled();
      await mutex.run(async () => close());
    },
  };
}
