import type { PurchaseStatus } from "@holdpoint/protocol/spend";
import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Purchase } from "../../domain/spend/purchase.js";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { PurchaseRow, RequestRow, Schema } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { PurchaseQuery, PurchaseStore } from "../verbs/purchases.js";
import { prepareApprovals } from "./approvals.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { chainOf, PURCHASE_COLUMNS } from "./purchase-row.js";
import { LISTED_COLUMNS, optional, RequestMapper } from "./request-row.js";
import { type Account, keysOf, remainingOf } from "./spend-accounts.js";

const SEAL_COLUMNS = ["master_key_id", "data_key", "sealed_reason"] as const;

/** As literals, so that each is what {@link purchaseStatusOf} says, and nothing that was sent. */
const IS_APPROVED = "requests.status in ('APPROVED', 'APPROVED_WITH_MODIFICATIONS')";
const IS_UNPAID = "purchases.hold <> 'SETTLED'";
const CONDITIONS: Readonly<Record<PurchaseStatus, string>> = {
  pending: `requests.status = 'PENDING' and ${IS_UNPAID}`,
  auto_approved: `${IS_APPROVED} and purchases.hold in ('HELD', 'NONE') and requests.decided_by_type = 'policy'`,
  approved: `${IS_APPROVED} and purchases.hold in ('HELD', 'NONE') and requests.decided_by_type <> 'policy'`,
  rejected: `requests.status = 'REJECTED' and ${IS_UNPAID}`,
  expired: `((requests.status = 'EXPIRED' and ${IS_UNPAID}) or (${IS_APPROVED} and purchases.hold = 'EXPIRED'))`,
  cancelled: `requests.status = 'CANCELLED' and ${IS_UNPAID}`,
  completed: "purchases.hold = 'SETTLED'",
  failed: `${IS_APPROVED} and purchases.hold = 'RELEASED'`,
};

/** Pages through the purchases of a project or an agent. Each has its index. */
export function createPurchaseList(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
): PurchaseStore["list"] {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const approvals = prepareApprovals(dialect, vault);

  /** What is left for each of the purchases, by one read of all their accounts. */
  async function loadAccounts(reader: Reader, rows: readonly PurchaseRow[]) {
    const keys = rows.flatMap((row) => keysOf(chainOf(row)));
    if (keys.length === 0) return new Map<string, Account>();
    const found = await reader.db
      .selectFrom("spend_accounts")
      .select(["id", "scope", "scope_id", "currency", "allocated", "held", "spent"])
      .where("scope", "in", ["agent", "project", "organisation"])
      .where("scope_id", "in", [...new Set(keys.map(({ scope_id }) => scope_id))])
      .where("currency", "in", [...new Set(keys.map(({ currency }) => currency))])
      .execute();
    return new Map(found.map((row) => [nameOf(row), money.accounts.toAccount(row)] as const));
  }

  function toItem(row: PageRow, accounts: ReadonlyMap<string, Account>): Purchase {
    const { request, purchase } = split(row);
    const chain = keysOf(chainOf(purchase)).flatMap((key) => accounts.get(nameOf(key)) ?? []);
    const listed = {
      ...requests.toListed(request),
      ...optional("reason", requests.openReason(request)),
    };
    return money.mapper.toPurchase(purchase, listed, remainingOf(chain));
  }

  return async (projectId, query) =>
    database.read(async (reader) => {
      const rows = (await selectPage(reader, projectId, query).execute()) as PageRow[];
      const shown = rows.slice(0, query.limit);
      const accounts = await loadAccounts(
        reader,
        shown.map((row) => split(row).purchase),
      );
      const items = shown.map((row) => toItem(row, accounts));
      const attached = await approvals.attach(
        reader,
        items.map(({ request }) => request),
      );
      const last = rows.length > query.limit ? shown.at(-1) : undefined;
      return {
        items: items.map((item, index) => ({ ...item, request: attached[index] ?? item.request })),
        nextCursor:
          last === undefined
            ? null
            : encodeCursor(["purchases", dialect.decodeInteger(last.p_reserved_at), last.id]),
      };
    });
}

type ListedRequestRow = Pick<
  RequestRow,
  (typeof LISTED_COLUMNS)[number] | (typeof SEAL_COLUMNS)[number]
>;
type Prefixed = { readonly [column in keyof PurchaseRow as `p_${column}`]: PurchaseRow[column] };
/** Both rows in one, for they share names of columns. */
type PageRow = ListedRequestRow & Prefixed;

function split(row: PageRow): {
  readonly request: ListedRequestRow;
  readonly purchase: PurchaseRow;
} {
  const purchase = Object.fromEntries(
    PURCHASE_COLUMNS.map((column) => [column, row[`p_${column}`]]),
  ) as unknown as PurchaseRow;
  return { request: row, purchase };
}

function nameOf(key: { scope: string; scope_id: string; currency: string }): string {
  return `${key.scope} ${key.scope_id} ${key.currency}`;
}

type Where = ExpressionBuilder<Schema, "purchases" | "requests">;

function selectPage({ db }: Reader, projectId: string, query: PurchaseQuery) {
  return db
    .selectFrom("purchases")
    .innerJoin("requests", "requests.id", "purchases.request_id")
    .select([...LISTED_COLUMNS, ...SEAL_COLUMNS].map((column) => `requests.${column}` as const))
    .select(PURCHASE_COLUMNS.map((column) => `purchases.${column} as p_${column}` as const))
    .where("purchases.project_id", "=", projectId)
    .where((where) => where.and(conditionsOf(where, query)))
    .orderBy("purchases.reserved_at", "desc")
    .orderBy("purchases.request_id", "desc")
    .limit(query.limit + 1);
}

function conditionsOf(where: Where, query: PurchaseQuery) {
  const { statuses, agentId, category, currency, since, cursor } = query;
  return [
    ...(statuses === undefined ? [] : [isOneOf(statuses)]),
    ...(agentId === undefined ? [] : [where("purchases.agent_id", "=", agentId)]),
    ...(category === undefined ? [] : [where("purchases.category", "=", category)]),
    ...(currency === undefined ? [] : [where("purchases.currency", "=", currency)]),
    ...(since === undefined ? [] : [where("purchases.reserved_at", ">=", since)]),
    ...(cursor === undefined ? [] : [isAfter(where, cursor)]),
  ];
}

function isOneOf(statuses: readonly PurchaseStatus[]): RawBuilder<SqlBool> {
  return sql.raw(`(${statuses.map((status) => `(${CONDITIONS[status]})`).join(" or ")})`);
}

function isAfter(where: Where, cursor: string) {
  const [, reservedAt, id] = decodeCursor(cursor, ["purchases", 0, ""] as const);
  const place = where.refTuple("purchases.reserved_at", "purchases.request_id");
  return where(place, "<", where.tuple(reservedAt, id));
}
