import type { Kysely } from "kysely";
import type { Dialect } from "./dialects/dialect.js";
import type { ChangeFeed } from "./feed.js";
import type { NewEventRow, NewShieldEntryRow, Schema } from "./schema.js";

/** Sees committed rows only. */
export interface Reader {
  readonly db: Kysely<Schema>;
}

/** An open transaction. What writes takes one, so nothing is written outside of it. */
export interface Transaction extends Reader {
  readonly writes: true;
  /**
   * Rows to be inserted by whoever commits, where numbering them takes a lock that is to be held for a
   * moment only. Absent: they are inserted at once.
   */
  readonly last?: LastRows;
}

/** Rows that are numbered in the order of commits. */
export interface LastRows {
  readonly events: NewEventRow[];
  readonly entries: NewEntry[];
}

/** An entry of the shield's log, which has each once per id of its agent. */
export interface NewEntry {
  readonly row: NewShieldEntryRow;
  /** Called before the commit is answered, unless the log has it already. */
  readonly onAdded?: () => void;
}

/** One opened database, whatever its dialect. */
export interface Database {
  readonly dialect: Dialect;
  read<Result>(query: (reader: Reader) => Promise<Result>): Promise<Result>;
  /**
   * Runs a mutation as one transaction and answers when it is durable. A mutation that throws is
   * undone alone. It awaits nothing but queries on its transaction, for others wait behind it; and
   * it may be undone and run again, so it changes nothing but the database.
   *
   * @throws {StoreError} `STORE_UNAVAILABLE`: try again. It may have been committed all the same.
   */
  write<Result>(mutation: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Changes the schema, one caller at a time, however long it takes. */
  alter<Result>(change: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>;
  /** The same database for the sign-in library; its statements never mix with open transactions. */
  readonly auth: AuthDatabase;
  /** What others on the same database do; absent where there can be nobody else. */
  readonly feed?: ChangeFeed;
  /** Waits for mutations queued before; the caller starts none after. */
  close(): Promise<void>;
}

/** What better-auth takes as its `database` option. */
export interface AuthDatabase {
  readonly db: Kysely<Schema>;
  readonly type: "sqlite" | "postgres";
}
