import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";

/** One connection, as `node:sqlite` and its drop-in offer it. */
export type Connection = DatabaseSyncInstance;
export type Statement = StatementSyncInstance;

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readOnly?: boolean }) => Connection;
  readonly StatementSync: { readonly prototype: Partial<Statement> };
}

/** SQLite of this Node.js: `node:sqlite` from 22.16 on, else its drop-in with the same API. */
export async function loadSqlite(): Promise<SqliteModule> {
  return (await loadBuiltIn()) ?? import("@photostructure/sqlite");
}

async function loadBuiltIn(): Promise<SqliteModule | undefined> {
  // Not a literal, so that no bundler resolves or rewrites it.
  const name = "node:sqlite";
  try {
    const builtIn = (await import(name)) as SqliteModule;
    // The first releases cannot tell which statements give rows.
    return builtIn.StatementSync.prototype.columns ? builtIn : undefined;
  } catch {
    return undefined;
  }
}

const CACHED_STATEMENTS = 256;

/** The connection in the shape Kysely's own dialect expects, with its statements kept prepared. */
export function forKysely(connection: Connection): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => connection.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = adaptStatement(connection, sql);
      const oldest = statements.keys().next();
      if (statements.size >= CACHED_STATEMENTS && !oldest.done) statements.delete(oldest.value);
      statements.set(sql, statement);
      return statement;
    },
  };
}

type Bindable = string | number | bigint | Uint8Array | null;

function adaptStatement(connection: Connection, sql: string): SqliteStatement {
  const statement = connection.prepare(sql);
  const bind = (parameters: readonly unknown[]) => parameters as readonly Bindable[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  };
}
