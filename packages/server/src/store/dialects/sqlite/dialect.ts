import { sql } from "kysely";
import type { Dialect } from "../dialect.js";

/** SQLite keeps booleans as 0 and 1, JSON and dates as text; its one writer needs no row locks. */
export const sqliteDialect: Dialect = {
  columns: {
    bigInteger: "integer",
    boolean: "integer",
    bytes: "blob",
    bytewiseText: "text",
    date: "text",
    double: "real",
    json: "text",
    sequence: "integer",
  },
  finishSequence: (column) => column.autoIncrement(),
  finishTable: (table) => table.modifyEnd(sql`strict`),
  encodeBoolean: (value) => (value ? 1 : 0),
  decodeBoolean: (stored) => stored === 1,
  encodeDate: (timeMs) => new Date(timeMs).toISOString(),
  decodeDate: (stored) => Date.parse(String(stored)),
  encodeJson: (value) => JSON.stringify(value),
  decodeJson: (stored) => JSON.parse(String(stored)),
  decodeInteger: (stored) => Number(stored),
  lockRows: (query) => query,
  lockTable: async () => {},
  lockName: async () => {},
  shareChanges: async () => {},
  orderInserts: async () => {},
  announceLosses: async () => {},
  contains: (column, text) => sql`${column} like ${likePattern(text)} escape '\\'`,
};

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
