import type { Expression, ExpressionBuilder, OrderByDirection, SqlBool } from "kysely";
import { sql } from "kysely";
import { type CursorKey, decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { RequestRow, Schema } from "../schema.js";
import type { ListedRequest, RequestQuery, RequestStore } from "../store.js";
import {
  LISTED_COLUMNS,
  type ListedRow,
  optional,
  type RequestMapper,
  urgencyOf,
} from "./request-row.js";

const SEAL_COLUMNS = ["master_key_id", "data_key", "sealed_reason"] as const;
const LONG_COLUMNS = ["schema", "sealed_payload", "sealed_patch", "sealed_diff"] as const;

/** Pages through the requests of a project. Each order has its index, and so do the common filters. */
export function createRequestList(database: Database, mapper: RequestMapper): RequestStore["list"] {
  async function listWhole(reader: Reader, projectId: string, query: RequestQuery) {
    const rows = await selectPage(reader, database.dialect, projectId, query)
      .select(SEAL_COLUMNS)
      .select(LONG_COLUMNS)
      .execute();
    return rows.map((row) => ({ row, toItem: () => mapper.toRequest(row as RequestRow) }));
  }

  async function listBrief(reader: Reader, projectId: string, query: RequestQuery) {
    const rows = await selectPage(reader, database.dialect, projectId, query)
      .select(SEAL_COLUMNS)
      .execute();
    return rows.map((row) => ({ row, toItem: () => toBrief(row) }));
  }

  function toBrief(
    row: ListedRow & Pick<RequestRow, (typeof SEAL_COLUMNS)[number]>,
  ): ListedRequest {
    return { ...mapper.toListed(row), ...optional("reason", mapper.openReason(row)) };
  }

  return async (projectId, query) => {
    const list = query.includePayload ? listWhole : listBrief;
    const found = await database.read<readonly { row: ListedRow; toItem(): ListedRequest }[]>(
      (reader) => list(reader, projectId, query),
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ toItem }) => toItem()),
      nextCursor: last === undefined ? null : encodeCursor(ORDERS[query.order].keyOf(last.row)),
    };
  };
}

/** One row more than asked for, which tells whether there is a next page. */
function selectPage({ db }: Reader, dialect: Dialect, projectId: string, query: RequestQuery) {
  const order = ORDERS[query.order];
  const page = db
    .selectFrom("requests")
    .select(LISTED_COLUMNS)
    .where("project_id", "=", projectId)
    .where((where) => where.and(conditionsOf(where, query, dialect)))
    .limit(query.limit + 1);
  return order.columns.reduce((sorted, column) => sorted.orderBy(column, order.direction), page);
}

type Where = ExpressionBuilder<Schema, "requests">;

function conditionsOf(where: Where, query: RequestQuery, dialect: Dialect): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  const { statuses, priorities, search, cursor } = query;
  // Literals, so that the index over pending requests applies.
  if (statuses) conditions.push(isOneOf("status", statuses));
  if (priorities) conditions.push(isOneOf("urgency", priorities.map(urgencyOf)));
  for (const [column, name] of FILTERS) {
    const value = query[name];
    if (value !== undefined) conditions.push(where(column, "=", value));
  }
  if (search) conditions.push(matches(where, search, dialect));
  if (cursor !== undefined) conditions.push(ORDERS[query.order].after(where, cursor));
  return conditions;
}

const FILTERS = [
  ["service", "service"],
  ["action", "action"],
  ["role", "role"],
  ["environment", "environment"],
  ["run_id", "runId"],
  ["agent_id", "agentId"],
] as const satisfies readonly (readonly [keyof RequestRow, keyof RequestQuery])[];

const SEARCHED = ["id", "service", "action", "agent_name", "decided_by_name"] as const;

function matches(where: Where, search: string, dialect: Dialect): Expression<SqlBool> {
  return where.or(SEARCHED.map((column) => dialect.contains(where.ref(column), search)));
}

function isOneOf(column: string, values: readonly (string | number)[]): Expression<SqlBool> {
  if (values.length === 0) return sql<SqlBool>`1 = 0`;
  const literals = values.map((value) => sql.lit(value));
  if (literals.length === 1) return sql<SqlBool>`${sql.ref(column)} = ${literals[0]}`;
  return sql<SqlBool>`${sql.ref(column)} in (${sql.join(literals)})`;
}

interface Order {
  readonly columns: readonly ("urgency" | "created_at" | "id")[];
  readonly direction: OrderByDirection;
  keyOf(row: ListedRow): CursorKey;
  after(where: Where, cursor: string): Expression<SqlBool>;
}

const ORDERS: Readonly<Record<RequestQuery["order"], Order>> = {
  newest: {
    columns: ["created_at", "id"],
    direction: "desc",
    keyOf: (row) => ["newest", Number(row.created_at), row.id],
    after(where, cursor) {
      const [, createdAt, id] = decodeCursor(cursor, ["newest", 0, ""] as const);
      return where(where.refTuple("created_at", "id"), "<", where.tuple(createdAt, id));
    },
  },
  triage: {
    columns: ["urgency", "created_at", "id"],
    direction: "asc",
    keyOf: (row) => ["triage", row.urgency, Number(row.created_at), row.id],
    after(where, cursor) {
      const [, urgency, createdAt, id] = decodeCursor(cursor, ["triage", 0, 0, ""] as const);
      const place = where.refTuple("urgency", "created_at", "id");
      return where(place, ">", where.tuple(urgency, createdAt, id));
    },
  },
};
