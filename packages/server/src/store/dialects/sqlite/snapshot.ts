import { type Connection, loadSqlite } from "./driver.js";

/** What a copy of a database says of itself. */
export interface DatabaseFacts {
  /** The master keys it was written with. */
  readonly masterKeyIds: readonly string[];
}

/**
 * Copies a database, as it stood at one moment, into a new file. Whoever serves it goes on reading
 * and writing meanwhile; nothing is written to the original.
 *
 * @throws what SQLite throws, for example when `target` exists.
 */
export async function copySqliteFile(source: string, target: string): Promise<void> {
  const { DatabaseSync } = await loadSqlite();
  withConnection(new DatabaseSync(source, { readOnly: true }), (database) => {
    database.exec("pragma busy_timeout = 5000");
    database.prepare("vacuum into ?").run(target);
  });
}

/** @returns `undefined` when the file is damaged, or no database of ours. */
export async function inspectSqliteFile(path: string): Promise<DatabaseFacts | undefined> {
  const { DatabaseSync } = await loadSqlite();
  try {
    return withConnection(new DatabaseSync(path, { readOnly: true }), (database) => {
      const [check] = database.prepare("pragma integrity_check").all();
      if (Object(check).integrity_check !== "ok") return undefined;
      const keys = database.prepare("select id from master_keys order by id").all();
      return { masterKeyIds: keys.map((row) => String(Object(row).id)) };
    });
  } catch {
    return undefined;
  }
}

function withConnection<Result>(
  database: Connection,
  work: (database: Connection) => Result,
): Result {
  try {
    return work(database);
  } finally {
    database.close();
  }
}
