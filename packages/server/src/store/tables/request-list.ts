import type { Expression, ExpressionBuilder, OrderByDirection, SqlBool } from "kysely";
import { sql } from "kysely";
import { type CursorKey, decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { RequestRow, Schema } from "../schema.js";
import type { ListedRequest, RequestQuery, RequestStore } from "../store.js";
import type { Approvals } from "./approvals.js";
import {
  LISTED_COLUMNS,
  type ListedRow,
  optional,
  type RequestMapper,
  urgencyOf,
} from "./request-row.js";

const SEAL_COLUMNS = ["master_key_id", "data_key", "sealed_reason"] as const;
const LONG_COLUMNS = [
  "schema",
  "sealed_payload",
  "sealed_patch",
  "sealed_diff",
  "sealed_witness_change",
] as const;

/**
 * Rows one page of a search looks through. No index helps a search, so without a bound one that
 * finds little would read the whole history and hold up everybody else.
 */
const SEARCHED_ROWS = 10_000;

/** Pages through the requests of a project. Each order has its index, and so do the common filters. */
export function createRequestList(
  database: Database,
  mapper: RequestMapper,
  attachApprovals: Approvals["attach"],
): RequestStore["list"] {
  const { dialect } = database;

  async function loadRows(page: PageQuery, includePayload: boolean): Promise<readonly PageRow[]> {
    const brief = page.select(LISTED_COLUMNS).select(SEAL_COLUMNS);
    return includePayload ? brief.select(LONG_COLUMNS).execute() : brief.execute();
  }

  function toItem(row: PageRow): ListedRequest {
    if ("sealed_payload" in row) return mapper.toRequest(row);
    return { ...mapper.toListed(row), ...optional("reason", mapper.openReason(row)) };
  }

  return async (projectId, query) => {
    const { keyOf, upTo } = ORDERS[query.order];
    return database.read(async (reader) => {
      const filtered = selectOrdered(reader, projectId, query);
      const end = query.search ? await findSearchEnd(filtered) : undefined;
      const matching = end ? filtered.where((where) => upTo(where, end)) : filtered;
      const page = search(matching, query.search, dialect).limit(query.limit + 1);
      const rows = await loadRows(page, query.includePayload);
      // One row more than asked for tells that there is a next page.
      const shown = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? shown.at(-1) : end;
      return {
        items: await attachApprovals(reader, shown.map(toItem)),
        nextCursor: last === undefined ? null : encodeCursor(keyOf(last)),
      };
    });
  };
}

type PageQuery = ReturnType<typeof selectOrdered>;
type KeyRow = Pick<RequestRow, "urgency" | "created_at" | "id">;
type BriefRow = ListedRow & Pick<RequestRow, (typeof SEAL_COLUMNS)[number]>;
type WholeRow = BriefRow & Pick<RequestRow, (typeof LONG_COLUMNS)[number]>;
type PageRow = BriefRow | WholeRow;

function selectOrdered({ db }: Reader, projectId: string, query: RequestQuery) {
  const order = ORDERS[query.order];
  const filtered = db
    .selectFrom("requests")
    .where("project_id", "=", projectId)
    .where((where) => where.and(conditionsOf(where, query)));
  return order.columns.reduce(
    (sorted, column) => sorted.orderBy(column, order.direction),
    filtered,
  );
}

/** The last row that a page of a search looks at; `undefined` when it may look at all there is. */
function findSearchEnd(filtered: PageQuery): Promise<KeyRow | undefined> {
  return filtered
    .select(["urgency", "created_at", "id"])
    .limit(1)
    .offset(SEARCHED_ROWS - 1)
    .executeTakeFirst();
}

const SEARCHED = ["id", "service", "action", "agent_name", "decided_by_name"] as const;

function search(page: PageQuery, text: string | undefined, dialect: Dialect): PageQuery {
  if (!text) return page;
  return page.where((where) =>
    where.or(SEARCHED.map((column) => dialect.contains(where.ref(column), text))),
  );
}

type Where = ExpressionBuilder<Schema, "requests">;

function conditionsOf(where: Where, query: RequestQuery): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  const { statuses, priorities, cursor } = query;
  // Literals, so that the index over pending requests applies.
  if (statuses) conditions.push(isOneOf("status", statuses));
  if (priorities) conditions.push(isOneOf("urgency", priorities.map(urgencyOf)));
  for (const [column, name] of FILTERS) {
    const value = query[name];
    if (value !== undefined) conditions.push(where(column, "=", value));
  }
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

function isOneOf(column: string, values: readonly (string | number)[]): Expression<SqlBool> {
  if (values.length === 0) return sql<SqlBool>`1 = 0`;
  const literals = values.map((value) => sql.lit(value));
  if (literals.length === 1) return sql<SqlBool>`${sql.ref(column)} = ${literals[0]}`;
  return sql<SqlBool>`${sql.ref(column)} in (${sql.join(literals)})`;
}

interface Order {
  readonly columns: readonly (keyof KeyRow)[];
  readonly direction: OrderByDirection;
  keyOf(row: KeyRow): CursorKey;
  after(where: Where, cursor: string): Expression<SqlBool>;
  upTo(where: Where, end: KeyRow): Expression<SqlBool>;
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
    upTo: (where, end) =>
      where(where.refTuple("created_at", "id"), ">=", where.tuple(end.created_at, end.id)),
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
    upTo(where, end) {
      const place = where.refTuple("urgency", "created_at", "id");
      return where(place, "<=", where.tuple(end.urgency, end.created_at, end.id));
    },
  },
};
