import type { Kysely } from "kysely";
import type { Dialect } from "./dialects/dialect.js";
import type { Schema } from "./schema.js";

/** Sees committed rows only. */
export interface Reader {
  readonly db: Kysely<Schema>;
}

/** An open transaction. What writes takes one, so nothing is written outside of it. */
export interface Transaction extends Reader {
  readonly writes: true;
}

/** One opened database, whatever its dialect. */
export interface Database {
  readonly dialect: Dialect;
  read<Result>(query: (reader: Reader) => Promise<Result>): Promise<Result>;
  /**
   * Runs a mutation as one transaction and answers when it is durable. A mutation that throws is
   * undone alone. It awaits nothing but queries on its transaction, for others wait behind it.
   */
  write<Result>(mutation: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** The same database for the sign-in library; its statements never mix with open transactions. */
  readonly auth: AuthDatabase;
  /** Waits for mutations queued before; the caller starts none after. */
  close(): Promise<void>;
}

/** What better-auth takes as its `database` option. */
export interface AuthDatabase {
  readonly db: Kysely<Schema>;
  readonly type: "sqlite" | "postgres";
}
