import type { JsonValue } from "@holdpoint/protocol";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { bearerOf, type Fake, jsonOf } from "./fake.js";

interface Value {
  readonly type: "null" | "integer" | "float" | "text";
  readonly value?: string | number;
}

interface StreamRequest {
  readonly type: "execute" | "close";
  readonly stmt?: { readonly sql: string; readonly args?: readonly Value[] };
}

/**
 * A libSQL server over a real SQLite database that can only be read, for one token.
 *
 * @see https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md
 */
export function fakeLibsql(token: string, setUp: string): Fake & Disposable {
  const db = new DatabaseSync(":memory:");
  db.exec(setUp);
  db.exec("pragma query_only = 1");

  function run({ type, stmt }: StreamRequest): JsonValue {
    if (type === "close" || stmt === undefined) return { type: "ok", response: { type: "close" } };
    try {
      return { type: "ok", response: { type: "execute", result: execute(db, stmt) } };
    } catch (error) {
      const message = error instanceof Error ? error.message : "unknown";
      return { type: "error", error: { message, code: "SQLITE_ERROR" } };
    }
  }

  const fake: Fake = (call) => {
    if (bearerOf(call) !== token) return { status: 401, body: { error: "Unauthorized" } };
    const { requests } = jsonOf(call) ?? {};
    if (call.method !== "POST" || call.path !== "/v2/pipeline" || !Array.isArray(requests)) {
      return { status: 404, body: { error: "Not found" } };
    }
    const results = (requests as StreamRequest[]).map(run);
    return { status: 200, body: { baton: null, base_url: null, results } };
  };
  return Object.assign(fake, { [Symbol.dispose]: () => db.close() });
}

function execute(db: DatabaseSyncInstance, { sql, args = [] }: NonNullable<StreamRequest["stmt"]>) {
  const statement = db.prepare(sql);
  const rows = statement.all(...args.map(toSqlite)) as Record<string, unknown>[];
  const names = Object.keys(rows[0] ?? {});
  return {
    cols: names.map((name) => ({ name })),
    rows: rows.map((row) => names.map((name) => fromSqlite(row[name]))),
    affected_row_count: 0,
    last_insert_rowid: null,
  };
}

function toSqlite({ type, value }: Value) {
  if (type === "null") return null;
  return type === "integer" ? BigInt(String(value)) : (value ?? null);
}

function fromSqlite(value: unknown): JsonValue {
  if (value === null) return { type: "null" };
  if (typeof value === "string") return { type: "text", value };
  return Number.isInteger(value)
    ? { type: "integer", value: String(value) }
    : { type: "float", value: Number(value) };
}
