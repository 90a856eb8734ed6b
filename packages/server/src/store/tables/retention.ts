import type { ExpressionBuilder, Kysely } from "kysely";
import type { Database } from "../database.js";
import type { Schema } from "../schema.js";
import type { RetentionCutoffs, RetentionStore } from "../verbs/states.js";

/** What took the place of a payload. The column may not be empty. */
const NOTHING = new Uint8Array();

export function createRetentionStore({ read, write, dialect }: Database): RetentionStore {
  return {
    async deleteContents(cutoffs, limit) {
      const before = cutoffs.contentsBefore;
      if (before === undefined) return 0;
      return write(async ({ db }) => {
        const due = db
          .selectFrom("requests")
          .select("id")
          .where("contents_deleted_at", "is", null)
          .where((where) => isOver(where, before, cutoffs.now))
          .orderBy("resolved_at")
          .limit(limit);
        const rows = await db
          .with("due", () => dialect.lockRows(due, "skip"))
          .updateTable("requests")
          .set({
            contents_deleted_at: cutoffs.now,
            sealed_payload: NOTHING,
            sealed_patch: null,
            sealed_diff: null,
            sealed_reason: null,
            sealed_witness_change: null,
          })
          .where("id", "in", (from) => from.selectFrom("due").select("id"))
          .where("contents_deleted_at", "is", null)
          .returning("id")
          .execute();
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0) await deleteRunContents(db, ids);
        return ids.length;
      });
    },
    async markStates(cutoffs, limit) {
      return write(async ({ db }) => {
        const due = db
          .selectFrom("states")
          .select("id")
          .where("deleting_at", "is", null)
          .where((where) => isDue(where, cutoffs))
          .limit(limit);
        // Once more where it is written: a request may have named it since it was chosen.
        const rows = await db
          .with("due", () => dialect.lockRows(due, "skip"))
          .updateTable("states")
          .set({ deleting_at: cutoffs.now, sealed_key: null })
          .where("id", "in", (from) => from.selectFrom("due").select("id"))
          .where("deleting_at", "is", null)
          .where((where) => isDue(where, cutoffs))
          .returning("id")
          .execute();
        return rows.length;
      });
    },
    async listMarked(limit) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("states")
          .select(["id", "project_id"])
          .where("deleting_at", "is not", null)
          .where("deleted_at", "is", null)
          .orderBy("deleting_at")
          .limit(limit)
          .execute(),
      );
      return rows.map(({ id, project_id }) => ({ id, projectId: project_id }));
    },
    async finishState({ id, projectId }, at) {
      await write(({ db }) =>
        db
          .updateTable("states")
          .set({ deleted_at: at })
          .where("id", "=", id)
          .where("project_id", "=", projectId)
          .where("deleting_at", "is not", null)
          .execute(),
      );
    },
  };
}

/** What executions and escrows said, sealed under the keys of their requests. */
async function deleteRunContents(db: Kysely<Schema>, requestIds: string[]): Promise<void> {
  await db
    .updateTable("executions")
    .set({ sealed_result: null, sealed_error: null, sealed_evidence: null })
    .where("request_id", "in", requestIds)
    .execute();
  await db
    .updateTable("approvals")
    .set({ sealed_reason: null })
    .where("request_id", "in", requestIds)
    .execute();
  await db
    .updateTable("escrows")
    .set({ sealed_result: null, sealed_reason: null })
    .where("request_id", "in", requestIds)
    .execute();
}

/** Resolved and settled before a time, and nothing may still run under it. */
function isOver(where: ExpressionBuilder<Schema, "requests">, before: number, now: number) {
  return where.and([
    // Said apart, for the opposite of an unknown is unknown too, and an open request would count
    // as neither.
    where("requests.resolved_at", "is not", null),
    where("requests.resolved_at", "<=", before),
    where.not(where.exists(moneyHeldBy(where))),
    where.or([
      where.and([
        where("requests.execution_status", "in", ["COMMITTED", "FAILED"]),
        where.not(where.exists(settledAfter(where, before))),
      ]),
      where.and([
        where("requests.execution_status", "=", "NONE"),
        where.or([
          where("requests.grant_expires_at", "is", null),
          where("requests.grant_expires_at", "<=", now),
        ]),
      ]),
    ]),
  ]);
}

/** While money is held, somebody has yet to confirm, to fulfil or to decide. */
function moneyHeldBy(where: ExpressionBuilder<Schema, "requests">) {
  return where
    .selectFrom("purchases")
    .select("purchases.request_id")
    .whereRef("purchases.request_id", "=", "requests.id")
    .where("purchases.hold", "=", "HELD");
}

/** What a run said is kept as long after it as the rest is after its decision. */
function settledAfter(where: ExpressionBuilder<Schema, "requests">, before: number) {
  return where
    .selectFrom("executions")
    .select("executions.id")
    .whereRef("executions.request_id", "=", "requests.id")
    .where("executions.settled_at", ">", before);
}

function isDue(where: ExpressionBuilder<Schema, "states">, cutoffs: RetentionCutoffs) {
  const { abandonedBefore, statesBefore, now } = cutoffs;
  // Whether its bytes are there says nothing: a storage host takes them in without telling.
  const isAbandoned = where.and([
    where("states.created_at", "<=", abandonedBefore),
    where("states.attached_at", "is", null),
  ]);
  if (statesBefore === undefined) return isAbandoned;
  // The rows written by attaching are read anew under their lock; the requests need not be, for
  // one that is over stays so.
  const isInUse = where.exists(
    where
      .selectFrom("requests")
      .select("requests.id")
      .whereRef("requests.state_id", "=", "states.id")
      .where((request) => request.not(isOver(request, statesBefore, now))),
  );
  return where.or([
    isAbandoned,
    where.and([where("states.attached_at", "<=", statesBefore), where.not(isInUse)]),
  ]);
}
