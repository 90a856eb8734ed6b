import { sql } from "kysely";
import { prepareQuery } from "../prepared.js";
import type { GateCallRow } from "../schema.js";
import { OUTLINE_COLUMNS } from "./execution-row.js";

/** As a literal, which a parameter is not: only so does the partial index apply. */
const IS_CLAIMED = sql<boolean>`status = 'CLAIMED'`;

/** How a run can have ended. */
const OUTCOMES = ["execution.committed", "execution.failed", "execution.outcome_unknown"] as const;

/** Every statement of the hot path that is about calls alone, compiled once per store. */
export function prepareGateCallQueries() {
  return {
    insert: prepareQuery(({ db }, row: GateCallRow) =>
      db.insertInto("gate_calls").values({
        request_id: row.request_id,
        project_id: row.project_id,
        agent_id: row.agent_id,
        session_id: row.session_id,
        lease_id: row.lease_id,
        action_id: row.action_id,
        action_version: row.action_version,
        action_digest: row.action_digest,
        cost: row.cost,
        currency: row.currency,
        asked_at: row.asked_at,
        started_at: row.started_at,
        finished_at: null,
        verification: null,
        verification_detail: null,
      }),
    ),
    find: prepareQuery(({ db }, { requestId }: ByRequest) =>
      db.selectFrom("gate_calls").selectAll().where("request_id", "=", requestId),
    ),
    /** With the epoch of the session that asked for it. */
    findAsked: prepareQuery(({ db }, { requestId, projectId }: ByRequest & ByProject) =>
      db
        .selectFrom("gate_calls")
        .innerJoin("gate_sessions", "gate_sessions.id", "gate_calls.session_id")
        .selectAll("gate_calls")
        .select("gate_sessions.epoch")
        .where("gate_calls.request_id", "=", requestId)
        .where("gate_calls.project_id", "=", projectId),
    ),
    begin: prepareQuery(({ db }, row: Begun) =>
      db
        .updateTable("gate_calls")
        .set({
          session_id: row.session_id,
          lease_id: row.lease_id,
          cost: row.cost,
          currency: row.currency,
          started_at: row.started_at,
          finished_at: null,
        })
        .where("request_id", "=", row.request_id)
        .returningAll(),
    ),
    finish: prepareQuery(({ db }, row: Finished) =>
      db
        .updateTable("gate_calls")
        .set({
          finished_at: row.finished_at,
          verification: row.verification,
          verification_detail: row.verification_detail,
        })
        .where("request_id", "=", row.request_id)
        .returningAll(),
    ),
    /** What was said of a run whose outcome nobody knew is not said of the next. */
    forgetFault: prepareQuery(({ db }, { id }: { readonly id: string }) =>
      db
        .updateTable("executions")
        .set({ sealed_error: null, error_digest: null })
        .where("id", "=", id)
        .returning(OUTLINE_COLUMNS),
    ),
    loseTrack: prepareQuery(({ db }, end: Lost) =>
      db
        .updateTable("executions")
        .set({
          status: "OUTCOME_UNKNOWN",
          error_digest: end.error_digest,
          sealed_error: end.sealed_error,
        })
        .where("id", "=", end.id)
        .where("fencing_token", "=", end.fencing_token)
        .where("lease_expires_at", ">", end.at)
        .where(IS_CLAIMED)
        .returning(OUTLINE_COLUMNS),
    ),
    findOutcome: prepareQuery(({ db }, { requestId }: ByRequest) =>
      db
        .selectFrom("events")
        .select("id")
        .where("request_id", "=", requestId)
        .where("type", "in", OUTCOMES)
        .orderBy("sequence", "desc")
        .limit(1),
    ),
  };
}

interface ByRequest {
  readonly requestId: string;
}

interface ByProject {
  readonly projectId: string;
}

type Begun = Pick<
  GateCallRow,
  "request_id" | "session_id" | "lease_id" | "cost" | "currency" | "started_at"
>;

type Finished = Pick<
  GateCallRow,
  "request_id" | "finished_at" | "verification" | "verification_detail"
>;

interface Lost {
  readonly id: string;
  readonly fencing_token: number;
  readonly at: number;
  readonly error_digest: string | null;
  readonly sealed_error: Uint8Array | null;
}
