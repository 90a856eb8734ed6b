import { DatabaseSync } from "@photostructure/sqlite";
import pg from "pg";

type Row = Readonly<Record<string, unknown>>;

/** A database read, and damaged, behind the control plane's back. */
export interface Tables extends AsyncDisposable {
  /** The rows of one statement. Integers are numbers, whatever the database. */
  query(sql: string): Promise<readonly Row[]>;
  /** Several statements that see the database at one moment. */
  atOnce<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Every table there is. */
  names(): Promise<readonly string[]>;
}

export async function openSqliteTables(path: string): Promise<Tables> {
  const database = new DatabaseSync(path);
  const query = async (sql: string) => database.prepare(sql).all() as Row[];
  return {
    query,
    atOnce: (work) => between(query, "begin", work),
    async names() {
      const rows = await query(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
      );
      return rows.map(({ name }) => String(name));
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

export async function openPostgresTables(url: string): Promise<Tables> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser } });
  await client.connect();
  const query = async (sql: string) => (await client.query<Row>(sql)).rows;
  return {
    query,
    atOnce: (work) => between(query, "begin isolation level repeatable read", work),
    async names() {
      const rows = await query(
        "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      );
      return rows.map(({ name }) => String(name));
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function between<Result>(
  query: Tables["query"],
  begin: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await query(begin);
  try {
    return await work();
  } finally {
    await query("commit");
  }
}

function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  const { INT8, NUMERIC } = pg.types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  return pg.types.getTypeParser(oid, format);
}

/** Everything in a database, so that two looks at it can be compared. */
export async function readEverything(tables: Tables): Promise<Readonly<Record<string, unknown>>> {
  const all: Record<string, unknown> = {};
  for (const name of await tables.names()) {
    const rows = await tables.query(`select * from "${name}"`);
    all[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return all;
}
