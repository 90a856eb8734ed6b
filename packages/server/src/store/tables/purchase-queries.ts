import { sql } from "kysely";
import type { Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { PurchaseRow, RefundRow } from "../schema.js";
import { PURCHASE_COLUMNS } from "./purchase-row.js";

/** As literals, which parameters are not: only so do the partial indexes apply. */
const IS_HELD = sql<boolean>`hold = 'HELD'`;
const IS_PENDING_PURCHASE = sql<boolean>`status = 'PENDING' and service = 'spend'`;

/** Every statement of the hot path, compiled once per store. */
export function preparePurchaseQueries() {
  return {
    insert: prepareQuery(({ db }, row: PurchaseRow) =>
      db.insertInto("purchases").values(pickColumns(row)),
    ),
    find: prepareQuery(({ db }, { requestId }: { readonly requestId: string }) =>
      db.selectFrom("purchases").selectAll().where("request_id", "=", requestId),
    ),
    change: prepareQuery((reader, change: PurchaseChange) => changeHold(reader, change)),
    holdOpenEnded: prepareQuery(({ db }, { requestId }: { readonly requestId: string }) =>
      db
        .updateTable("purchases")
        .set({ hold_expires_at: null })
        .where("request_id", "=", requestId)
        .where(IS_HELD),
    ),
    awaitConfirmation: prepareQuery(({ db }, awaited: Awaited) =>
      db
        .updateTable("purchases")
        .set({ hold_expires_at: awaited.until })
        .where("request_id", "=", awaited.requestId)
        .where(IS_HELD),
    ),
    refund: prepareQuery(({ db }, refund: Pick<RefundRow, "request_id" | "amount">) =>
      db
        .updateTable("purchases")
        .set((row) => ({ refunded_amount: row("refunded_amount", "+", refund.amount) }))
        .where("request_id", "=", refund.request_id)
        .where("hold", "=", "SETTLED")
        .where((row) =>
          row(row("actual_amount", "-", row.ref("refunded_amount")), ">=", refund.amount),
        ),
    ),
    findRefund: prepareQuery(({ db }, { id }: { readonly id: string }) =>
      db.selectFrom("refunds").selectAll().where("id", "=", id),
    ),
    insertRefund: prepareQuery(({ db }, row: RefundRow) =>
      db
        .insertInto("refunds")
        .values({
          id: row.id,
          project_id: row.project_id,
          request_id: row.request_id,
          amount: row.amount,
          reason: row.reason,
          at: row.at,
          operator_id: row.operator_id,
        })
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    findOrganisation: prepareQuery(({ db }, { projectId }: { readonly projectId: string }) =>
      db.selectFrom("projects").select("organisation_id").where("id", "=", projectId),
    ),
    countPending: prepareQuery((reader, pending: Pending) => countPending(reader, pending)),
    voidGrant: prepareQuery(({ db }, { requestId, at }: { requestId: string; at: number }) =>
      db.updateTable("requests").set({ grant_expires_at: at }).where("id", "=", requestId),
    ),
    dueHolds: prepareQuery(({ db }, due: { readonly now: number; readonly limit: number }) =>
      db
        .selectFrom("purchases")
        .select(["request_id", "project_id"])
        .where(IS_HELD)
        .where("hold_expires_at", "is not", null)
        .where("hold_expires_at", "<=", due.now)
        .orderBy("hold_expires_at")
        .limit(due.limit),
    ),
    nextHoldEnd: prepareQuery(({ db }, _none: object) =>
      db
        .selectFrom("purchases")
        .select("hold_expires_at")
        .where(IS_HELD)
        .where("hold_expires_at", "is not", null)
        .orderBy("hold_expires_at")
        .limit(1),
    ),
  };
}

export type PurchaseQueries = ReturnType<typeof preparePurchaseQueries>;

/** A purchase with what has changed, and where its money was when that was decided. */
type PurchaseChange = PurchaseRow & { readonly from: PurchaseRow["hold"] };

interface Awaited {
  readonly requestId: string;
  readonly until: number;
}

interface Pending {
  readonly agentId: string;
  readonly now: number;
  readonly limit: number;
}

/** Moves on only from where it was: what decides between two that come at once. */
function changeHold({ db }: Reader, change: PurchaseChange) {
  return db
    .updateTable("purchases")
    .set({
      hold: change.hold,
      approved_amount: change.approved_amount,
      actual_amount: change.actual_amount,
      hold_expires_at: change.hold_expires_at,
      confirmed_at: change.confirmed_at,
      late: change.late,
      confirm_digest: change.confirm_digest,
      receipt_url: change.receipt_url,
      external_id: change.external_id,
    })
    .where("request_id", "=", change.request_id)
    .where("hold", "=", change.from);
}

function countPending({ db }: Reader, { agentId, now, limit }: Pending) {
  const pending = db
    .selectFrom("requests")
    .select("id")
    .where("agent_id", "=", agentId)
    .where(IS_PENDING_PURCHASE)
    .where("expires_at", ">", now)
    .limit(limit);
  return db
    .selectFrom(pending.as("pending"))
    .select((row) => row.fn.countAll<number>().as("count"));
}

/** Names every column, for a placeholder row has none to enumerate. */
function pickColumns(row: PurchaseRow): PurchaseRow {
  return Object.fromEntries(
    PURCHASE_COLUMNS.map((column) => [column, row[column]]),
  ) as unknown as PurchaseRow;
}
