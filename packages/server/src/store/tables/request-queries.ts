import type { RequestStatus } from "@holdpoint/protocol";
import { sql } from "kysely";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { RequestRow } from "../schema.js";
import { currentEpoch } from "./authorities.js";
import { LISTED_COLUMNS, type RequestMapper } from "./request-row.js";

/** Who expires a request. */
export const EXPIRY = { type: "system", id: "expiry" } as const;

/** `status = 'PENDING'` as a literal, which a parameter is not: only so do the partial indexes apply. */
const IS_PENDING = sql<boolean>`status = 'PENDING'`;

/** Every statement of the hot path, compiled once per store. */
export function prepareRequestQueries(dialect: Dialect) {
  return {
    insert: prepareQuery(({ db }, row: RequestRow) =>
      db
        .insertInto("requests")
        .values(pickColumns(row))
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    find: prepareQuery(({ db }, key: Pick<RequestRow, "id" | "project_id">) =>
      db
        .selectFrom("requests")
        .selectAll()
        .where("id", "=", key.id)
        .where("project_id", "=", key.project_id),
    ),
    lock: prepareQuery(({ db }, key: Pick<RequestRow, "id" | "project_id">) =>
      dialect.lockRows(
        db
          .selectFrom("requests")
          .selectAll()
          .where("id", "=", key.id)
          .where("project_id", "=", key.project_id),
        "wait",
      ),
    ),
    findById: prepareQuery(({ db }, key: Pick<RequestRow, "id">) =>
      db.selectFrom("requests").selectAll().where("id", "=", key.id),
    ),
    decide: prepareQuery((reader, change: Change) =>
      updatePending(reader, change).where("expires_at", ">", change.resolved_at),
    ),
    expire: prepareQuery((reader, change: Change) =>
      updatePending(reader, change).where("expires_at", "<=", change.resolved_at),
    ),
    expireDue: prepareQuery((reader, due: Due) => updateDue(reader, dialect, due)),
    setResolutionEvent: prepareQuery(
      ({ db }, { id, eventId }: { readonly id: string; readonly eventId: string }) =>
        db.updateTable("requests").set({ resolution_event_id: eventId }).where("id", "=", id),
    ),
    nextExpiry: prepareQuery(({ db }, _none: object) =>
      db
        .selectFrom("requests")
        .select("expires_at")
        .where(IS_PENDING)
        .orderBy("expires_at")
        .limit(1),
    ),
  };
}

export type RequestQueries = ReturnType<typeof prepareRequestQueries>;

type Change = ReturnType<RequestMapper["toResolvedColumns"]> & {
  readonly id: string;
  readonly status: RequestStatus;
  readonly revision: number;
  readonly resolution_event_id: string;
};

function updatePending({ db }: Reader, change: Change) {
  return db
    .updateTable("requests")
    .set({
      status: change.status,
      decided_by_type: change.decided_by_type,
      decided_by_id: change.decided_by_id,
      decided_by_name: change.decided_by_name,
      resolved_at: change.resolved_at,
      sealed_patch: change.sealed_patch,
      sealed_diff: change.sealed_diff,
      sealed_reason: change.sealed_reason,
      approved_digest: change.approved_digest,
      grant_id: change.grant_id,
      grant_expires_at: change.grant_expires_at,
      grant_epoch: currentEpoch(sql.ref("requests.project_id")),
      resolution_event_id: change.resolution_event_id,
      revision: sql<number>`revision + 1`,
    })
    .where("id", "=", change.id)
    .where("revision", "=", change.revision)
    .where(IS_PENDING);
}

/**
 * Names every column, for a placeholder row has none to enumerate. What is made with a grant has it
 * under the authority of this moment.
 */
function pickColumns(row: RequestRow): RequestRow {
  return {
    ...Object.fromEntries(LISTED_COLUMNS.map((column) => [column, row[column]])),
    grant_epoch: currentEpoch(row.project_id),
    digest: row.digest,
    master_key_id: row.master_key_id,
    data_key: row.data_key,
    sealed_reason: row.sealed_reason,
    schema: row.schema,
    sealed_payload: row.sealed_payload,
    sealed_patch: row.sealed_patch,
    sealed_diff: row.sealed_diff,
    sealed_witness_change: row.sealed_witness_change,
  } as unknown as RequestRow;
}

/**
 * One statement, so that a decision cannot come between choosing and expiring. Choosing stands before
 * it rather than within: PostgreSQL may ask a subquery several times, and skip other rows each time.
 */
function updateDue({ db }: Reader, dialect: Dialect, { now, limit }: Due) {
  const due = db
    .selectFrom("requests")
    .select("id")
    .where(IS_PENDING)
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit);
  return db
    .with("due", () => dialect.lockRows(due, "skip"))
    .updateTable("requests")
    .set({
      status: "EXPIRED",
      decided_by_type: EXPIRY.type,
      decided_by_id: EXPIRY.id,
      resolved_at: now,
      revision: sql<number>`revision + 1`,
    })
    .where("id", "in", (from) => from.selectFrom("due").select("id"))
    .where(IS_PENDING)
    .returning(LISTED_COLUMNS);
}

interface Due {
  readonly now: number;
  readonly limit: number;
}
