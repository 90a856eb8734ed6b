import type { ExecutionStatus } from "@holdpoint/protocol";
import { sql } from "kysely";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { ExecutionRow } from "../schema.js";
import { currentEpoch, isInForce } from "./authorities.js";
import { type ExecutionMapper, OUTLINE_COLUMNS, type OutlineRow } from "./execution-row.js";
import { LISTED_COLUMNS } from "./request-row.js";

/** Who ends a lease that nobody has renewed. */
export const LEASE = { type: "system", id: "lease" } as const;

/** As literals, which parameters are not: only so does the partial index apply. */
const IS_CLAIMED = sql<boolean>`status = 'CLAIMED'`;
const IS_UNKNOWN = sql<boolean>`status = 'OUTCOME_UNKNOWN'`;

/** Every statement of the hot path, compiled once per store. */
export function prepareExecutionQueries(dialect: Dialect) {
  return {
    consumeGrant: prepareQuery((reader, grant: GrantUse) => consumeGrant(reader, dialect, grant)),
    /** Found where the grant is of an older epoch, or everything is frozen. */
    findFrozen: prepareQuery(({ db }, key: Pick<GrantUse, "id" | "project_id">) =>
      db
        .selectFrom("requests")
        .select("id")
        .where("id", "=", key.id)
        .where((where) =>
          where.or([
            where("grant_epoch", "<>", currentEpoch(key.project_id)),
            where.not(isInForce(key.project_id, dialect)),
          ]),
        ),
    ),
    insert: prepareQuery(({ db }, row: OutlineRow) =>
      db
        .insertInto("executions")
        .values(pickColumns(row))
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    claimAgain: prepareQuery((reader, again: Again) => claimAgain(reader, dialect, again)),
    find: prepareQuery((reader, key: Pick<ExecutionRow, "id" | "project_id">) =>
      selectKeyed(reader)
        .where("executions.id", "=", key.id)
        .where("executions.project_id", "=", key.project_id),
    ),
    findForRequest: prepareQuery((reader, key: Pick<ExecutionRow, "request_id" | "project_id">) =>
      selectKeyed(reader)
        .where("executions.request_id", "=", key.request_id)
        .where("executions.project_id", "=", key.project_id),
    ),
    renew: prepareQuery(({ db }, renewal: Renewal) =>
      db
        .updateTable("executions")
        .set({ lease_expires_at: renewal.lease_expires_at })
        .where("id", "=", renewal.id)
        .where("fencing_token", "=", renewal.fencing_token)
        .where("lease_expires_at", ">", renewal.at)
        .where(IS_CLAIMED)
        .returning(OUTLINE_COLUMNS),
    ),
    settle: prepareQuery((reader, end: End) =>
      endExecution(reader, end).where("lease_expires_at", ">", end.settled_at).where(IS_CLAIMED),
    ),
    reconcile: prepareQuery((reader, end: End) => endExecution(reader, end).where(IS_UNKNOWN)),
    lapseDue: prepareQuery((reader, due: Due) => lapseDue(reader, dialect, due)),
    follow: prepareQuery(({ db }, { id, status }: Standing) =>
      db
        .updateTable("requests")
        .set({ execution_status: status })
        .where("id", "=", id)
        .returning(LISTED_COLUMNS),
    ),
    nextLeaseEnd: prepareQuery(({ db }, _none: object) =>
      db
        .selectFrom("executions")
        .select("lease_expires_at")
        .where(IS_CLAIMED)
        .orderBy("lease_expires_at")
        .limit(1),
    ),
  };
}

interface GrantUse {
  readonly id: string;
  readonly project_id: string;
  readonly agent_id: string;
  readonly grant_id: string;
  readonly approved_digest: string;
  readonly at: number;
  readonly execution_id: string;
}

/**
 * What makes a grant one-use: of all who come, one finds `execution_id` empty. The authority it was
 * made under has to be in force still.
 */
function consumeGrant({ db }: Reader, dialect: Dialect, use: GrantUse) {
  return db
    .updateTable("requests")
    .set({ execution_status: "CLAIMED", execution_id: use.execution_id })
    .where("id", "=", use.id)
    .where("project_id", "=", use.project_id)
    .where("agent_id", "=", use.agent_id)
    .where("grant_id", "=", use.grant_id)
    .where("approved_digest", "=", use.approved_digest)
    .where("grant_expires_at", ">", use.at)
    .where("status", "in", ["APPROVED", "APPROVED_WITH_MODIFICATIONS"])
    .where("execution_id", "is", null)
    .where("grant_epoch", "=", currentEpoch(use.project_id))
    .where(isInForce(use.project_id, dialect))
    .returning(LISTED_COLUMNS);
}

/** The row keeps its id; the new token locks out whoever held the last one. */
function claimAgain({ db }: Reader, dialect: Dialect, again: Again) {
  return db
    .updateTable("executions")
    .set({
      status: "CLAIMED",
      fencing_token: sql<number>`fencing_token + 1`,
      claim_id: again.claim_id,
      claimed_at: again.claimed_at,
      lease_expires_at: again.lease_expires_at,
    })
    .where("request_id", "=", again.request_id)
    .where("project_id", "=", again.project_id)
    .where("agent_id", "=", again.agent_id)
    .where("idempotent", "=", dialect.encodeBoolean(true))
    .where(IS_UNKNOWN)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("requests")
          .select("requests.id")
          .where("requests.id", "=", again.request_id)
          .where("requests.grant_id", "=", again.grant_id)
          .where("requests.approved_digest", "=", again.approved_digest)
          .where("requests.grant_expires_at", ">", again.claimed_at)
          .where("requests.grant_epoch", "=", currentEpoch(again.project_id))
          .where(isInForce(again.project_id, dialect)),
      ),
    )
    .returning(OUTLINE_COLUMNS);
}

type Again = OutlineRow & Pick<GrantUse, "grant_id" | "approved_digest">;

interface Renewal {
  readonly id: string;
  readonly fencing_token: number;
  readonly lease_expires_at: number;
  readonly at: number;
}

type End = ReturnType<ExecutionMapper["toEndedColumns"]> & {
  readonly id: string;
  readonly fencing_token: number;
};

function endExecution({ db }: Reader, end: End) {
  return db
    .updateTable("executions")
    .set({
      status: end.status,
      settled_at: end.settled_at,
      reconciled: end.reconciled,
      settled_by_type: end.settled_by_type,
      settled_by_id: end.settled_by_id,
      settled_by_name: end.settled_by_name,
      result_digest: end.result_digest,
      error_digest: end.error_digest,
      evidence_digest: end.evidence_digest,
      sealed_result: end.sealed_result,
      sealed_error: end.sealed_error,
      sealed_evidence: end.sealed_evidence,
    })
    .where("id", "=", end.id)
    .where("fencing_token", "=", end.fencing_token)
    .returning(OUTLINE_COLUMNS);
}

interface Due {
  readonly now: number;
  readonly limit: number;
}

/** One statement, so that no commit can come between choosing and lapsing. */
function lapseDue({ db }: Reader, dialect: Dialect, { now, limit }: Due) {
  const due = db
    .selectFrom("executions")
    .select("id")
    .where(IS_CLAIMED)
    .where("lease_expires_at", "<=", now)
    .orderBy("lease_expires_at")
    .limit(limit);
  return db
    .with("due", () => dialect.lockRows(due, "skip"))
    .updateTable("executions")
    .set({ status: "OUTCOME_UNKNOWN" })
    .where("id", "in", (from) => from.selectFrom("due").select("id"))
    .where("lease_expires_at", "<=", now)
    .where(IS_CLAIMED)
    .returning(OUTLINE_COLUMNS);
}

interface Standing {
  readonly id: string;
  readonly status: ExecutionStatus;
}

function selectKeyed({ db }: Reader) {
  return db
    .selectFrom("executions")
    .innerJoin("requests", "requests.id", "executions.request_id")
    .selectAll("executions")
    .select(["requests.master_key_id", "requests.data_key"]);
}

/** Names every column, for a placeholder row has none to enumerate. */
function pickColumns(row: OutlineRow) {
  return {
    ...(Object.fromEntries(
      OUTLINE_COLUMNS.map((column) => [column, row[column]]),
    ) as unknown as OutlineRow),
    sealed_result: null,
    sealed_error: null,
    sealed_evidence: null,
  };
}
