import type { JsonObject, JsonValue, RequestEventType } from "@holdpoint/protocol";
import type { Ending } from "../../domain/execution.js";
import type { CallEnding } from "../../domain/gate/call.js";
import type { RunFault } from "../../domain/gate/run.js";
import type { Transaction } from "../database.js";
import type { GateCallRow } from "../schema.js";
import type { GateCallStore } from "../verbs/gate-calls.js";
import type { ExecutionMapper, KeyedRow } from "./execution-row.js";
import type { GateCallParts } from "./gate-call-parts.js";

type EndedColumns = ReturnType<ExecutionMapper["toEndedColumns"]>;

/** Records how runs ended, once: by whoever holds their lease. */
export function createCallSettling(parts: GateCallParts): GateCallStore["settle"] {
  const { database, executions, calls, runs, budget, follow, tell } = parts;
  const { decodeInteger } = database.dialect;

  async function end(transaction: Transaction, ending: CallEnding, columns: EndedColumns) {
    const { executionId: id, fencingToken: fencing_token, at, outcome } = ending;
    const { rows } =
      outcome.status === "OUTCOME_UNKNOWN"
        ? await calls.loseTrack(transaction, { ...columns, id, fencing_token, at })
        : await runs.settle(transaction, { ...columns, id, fencing_token });
    return rows[0];
  }

  async function finish(transaction: Transaction, { requestId, at, outcome }: CallEnding) {
    const verification = outcome.status === "COMMITTED" ? outcome.verification : undefined;
    const { rows } = await calls.finish(transaction, {
      request_id: requestId,
      finished_at: at,
      verification: verification?.status ?? null,
      verification_detail: verification?.detail ?? null,
    });
    const [row] = rows;
    if (row === undefined) throw new Error("Expected a run to have its call.");
    return row;
  }

  async function giveBack(transaction: Transaction, call: GateCallRow): Promise<void> {
    const { agent_id: agentId, session_id: sessionId, currency, cost } = call;
    const drawn = { agentId, sessionId, at: decodeInteger(call.started_at ?? call.asked_at) };
    const amountMinor = decodeInteger(cost);
    await budget.giveBack(transaction, {
      ...drawn,
      ...(currency !== null && { cost: { amountMinor, currency } }),
    });
  }

  /** The same ending sent again finds what it did the first time. */
  async function settledBefore(
    transaction: Transaction,
    { requestId, fencingToken, outcome }: CallEnding,
    standing: KeyedRow,
    columns: EndedColumns,
  ): ReturnType<GateCallStore["settle"]> {
    const isSame =
      standing.status === outcome.status &&
      standing.fencing_token === fencingToken &&
      standing.result_digest === columns.result_digest &&
      standing.error_digest === columns.error_digest;
    if (!isSame) return { outcome: "lost" };
    const { rows } = await calls.findOutcome(transaction, { requestId });
    const [event] = rows;
    return event === undefined ? { outcome: "lost" } : { outcome: "settled", eventId: event.id };
  }

  return (ending) =>
    database.write(async (transaction) => {
      const key = { project_id: ending.projectId, id: ending.executionId };
      const { rows } = await runs.find(transaction, key);
      const [standing] = rows;
      if (standing === undefined) return { outcome: "lost" };
      // What was read only gives the key to seal with: the conditions in the `update` decide.
      const columns = executions.toEndedColumns(standing, endingOf(ending));
      const run = await end(transaction, ending, columns);
      if (run === undefined) return settledBefore(transaction, ending, standing, columns);
      const request = await follow(transaction, run);
      const call = await finish(transaction, ending);
      // What was begun anew may have been sent the first time.
      if (ending.isUnsent && run.fencing_token === 1) await giveBack(transaction, call);
      const { at, settledBy: actor, outcome } = ending;
      const told = { type: EVENTS[outcome.status], at, actor };
      return { outcome: "settled", eventId: await tell(transaction, { request, call, run }, told) };
    });
}

const EVENTS = {
  COMMITTED: "execution.committed",
  FAILED: "execution.failed",
  OUTCOME_UNKNOWN: "execution.outcome_unknown",
} as const satisfies Record<CallEnding["outcome"]["status"], RequestEventType>;

/** As an execution's ending; of one that nobody knows only the fault is kept. */
function endingOf({ outcome, settledBy, at }: CallEnding): Ending {
  if (outcome.status === "COMMITTED") {
    return { status: "COMMITTED", settledBy, at, result: outcome.result };
  }
  return { status: "FAILED", settledBy, at, error: faultOf(outcome.error) };
}

function faultOf({ code, message, status }: RunFault): JsonObject {
  return { code, message, ...(status !== undefined && { status }) } satisfies Record<
    string,
    JsonValue
  >;
}
