import type { RequestEventType, WireActor } from "@holdpoint/protocol";
import type { GatePart } from "../../domain/event.js";
import type { Database, Transaction } from "../database.js";
import type { GateCallRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { EventWriter } from "./event-row.js";
import { prepareExecutionQueries } from "./execution-queries.js";
import { ExecutionMapper, type OutlineRow } from "./execution-row.js";
import { createGateAuthority } from "./gate-authority.js";
import { createGateBudget } from "./gate-budget.js";
import { prepareGateCallQueries } from "./gate-call-queries.js";
import { toGatePart } from "./gate-call-row.js";
import { prepareRequestQueries } from "./request-queries.js";
import { type ListedRow, optional, RequestMapper } from "./request-row.js";

export type GateCallParts = ReturnType<typeof createGateCallParts>;

/** What the verbs of calls are made of. */
export function createGateCallParts(database: Database, vault: Vault, appendEvent: EventWriter) {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const executions = new ExecutionMapper(dialect, vault);
  const calls = prepareGateCallQueries();
  const runs = prepareExecutionQueries(dialect);

  /** Lets the request say where its run stands. */
  async function follow(transaction: Transaction, row: OutlineRow): Promise<ListedRow> {
    const { rows } = await runs.follow(transaction, { id: row.request_id, status: row.status });
    const [request] = rows;
    if (request === undefined) throw new Error("Expected a run to have its request.");
    return request;
  }

  /** Tells what has become true of a run. Gives the id of the event. */
  async function tell(
    transaction: Transaction,
    { request, call, run }: Told,
    told: {
      readonly type: RequestEventType;
      readonly at: number;
      readonly actor: WireActor;
    },
  ): Promise<string> {
    const gate = { ...toGatePart(call), ...approverOf(request), ...verificationOf(call, run) };
    const execution = executions.toPart(run);
    const event = { ...requests.toEvent(request), ...told, execution, gate };
    await appendEvent(transaction, event);
    return event.id;
  }

  return {
    database,
    requests,
    executions,
    asked: prepareRequestQueries(dialect),
    calls,
    runs,
    authority: createGateAuthority(dialect, calls),
    budget: createGateBudget(dialect),
    appendEvent,
    follow,
    tell,
  };
}

/** A call as an event finds it. */
interface Told {
  readonly request: ListedRow;
  readonly call: GateCallRow;
  readonly run: OutlineRow;
}

function approverOf(request: ListedRow): Pick<GatePart, "approvedBy"> {
  const { decided_by_type: type, decided_by_id: id, decided_by_name: name } = request;
  if (type === null || id === null) return {};
  return { approvedBy: { type, id, ...optional("name", name) } };
}

function verificationOf(
  { verification }: GateCallRow,
  { status }: OutlineRow,
): Pick<GatePart, "verification"> {
  return status === "COMMITTED" ? optional("verification", verification) : {};
}
