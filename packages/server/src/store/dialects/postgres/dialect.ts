import { sql } from "kysely";
import type { Dialect } from "../dialect.js";
import { announceLosses, orderInserts, shareChanges } from "./changes.js";

/**
 * PostgreSQL has types of its own for all of these. JSON is `json` rather than `jsonb`, which would
 * refuse `\u0000` and change numbers; it is read as text, like everywhere else.
 */
export const postgresDialect: Dialect = {
  columns: {
    bigInteger: "bigint",
    boolean: "boolean",
    bytes: "bytea",
    bytewiseText: sql`text collate "C"`,
    date: "timestamptz",
    double: "double precision",
    json: "json",
    sequence: "bigint",
  },
  finishSequence: (column) => column.generatedAlwaysAsIdentity(),
  finishTable: (table) => table,
  encodeBoolean: (value) => value,
  decodeBoolean: (stored) => stored === true,
  encodeDate: (timeMs) => new Date(timeMs),
  decodeDate: (stored) => (stored as Date).getTime(),
  encodeJson: (value) => JSON.stringify(value),
  decodeJson: (stored) => JSON.parse(String(stored)),
  decodeInteger: (stored) => Number(stored),
  lockRows: (query, others) => {
    const locked = query.forUpdate();
    return others === "skip" ? locked.skipLocked() : locked;
  },
  async lockTable(db, table) {
    await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(db);
  },
  async lockName(db, name, mode) {
    const lock = sql.raw(`pg_advisory_xact_lock${mode === "shared" ? "_shared" : ""}`);
    await sql`select ${lock}(hashtextextended(${name}, 0))`.execute(db);
  },
  contains: (column, text) => sql`${column} ilike ${likePattern(text)} escape '\\'`,
  shareChanges,
  orderInserts,
  announceLosses,
};

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
