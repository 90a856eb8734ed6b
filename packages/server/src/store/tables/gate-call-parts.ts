import type { CallerLease } from "../../domain/caller.js";
import type { GatePart, RequestEvent } from "../../domain/event.js";
import type { Database, Transaction } from "../database.js";
import type { GateCallRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import { prepareAuthority } from "./authorities.js";
import { actorIn } from "./columns.js";
import type { EventWriter } from "./event-row.js";
import { prepareExecutionQueries } from "./execution-queries.js";
import { ExecutionMapper, type OutlineRow } from "./execution-row.js";
import { createGateBudget, type GateBudget } from "./gate-budget.js";
import { prepareGateCallQueries } from "./gate-call-queries.js";
import { toGatePart } from "./gate-call-row.js";
import { prepareRequestQueries } from "./request-queries.js";
import { type ListedRow, optional, RequestMapper } from "./request-row.js";
import type { ShieldParts } from "./shield.js";
import { createRequestLog, type LogRequestStep } from "./shield-request.js";

/** What the verbs of calls are made of. */
export interface GateCallParts {
  readonly database: Database;
  readonly requests: RequestMapper;
  readonly executions: ExecutionMapper;
  readonly asked: ReturnType<typeof prepareRequestQueries>;
  readonly calls: ReturnType<typeof prepareGateCallQueries>;
  readonly runs: ReturnType<typeof prepareExecutionQueries>;
  readonly budget: GateBudget;
  readonly appendEvent: EventWriter;
  readonly logStep: LogRequestStep;
  /**
   * Whether anything may begin, as of this transaction: a freeze waits for it, or it for the freeze.
   * False: authority is frozen, or the lease is from before a freeze.
   */
  bears(transaction: Transaction, projectId: string, lease: CallerLease): Promise<boolean>;
  /** Lets the request say where its run stands. */
  follow(transaction: Transaction, row: OutlineRow): Promise<ListedRow>;
  /** Tells what has become true of a run. Gives the id of the event. */
  tell(
    transaction: Transaction,
    call: {
      readonly request: ListedRow;
      readonly call: GateCallRow;
      readonly run: OutlineRow;
    },
    told: Pick<RequestEvent, "type" | "at" | "actor">,
  ): Promise<string>;
}

export function createGateCallParts(
  database: Database,
  vault: Vault,
  appendEvent: EventWriter,
  shield: ShieldParts,
): GateCallParts {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const executions = new ExecutionMapper(dialect, vault);
  const authority = prepareAuthority(dialect);
  const calls = prepareGateCallQueries();
  const runs = prepareExecutionQueries(dialect);

  const bears: GateCallParts["bears"] = async (transaction, projectId, lease) => {
    await authority.hold(transaction, projectId);
    const { epoch, frozen } = await authority.read(transaction, projectId);
    return !frozen && epoch === lease.epoch;
  };

  const follow: GateCallParts["follow"] = async (transaction, row) => {
    const { rows } = await runs.follow(transaction, { id: row.request_id, status: row.status });
    const [request] = rows;
    if (request === undefined) throw new Error("Expected a run to have its request.");
    return request;
  };

  const tell: GateCallParts["tell"] = async (transaction, { request, call, run }, told) => {
    const gate = {
      ...toGatePart(call),
      ...optional("approvedBy", actorIn("decided_by", request)),
      ...verificationOf(call, run),
    };
    const execution = executions.toPart(run);
    const event = { ...requests.toEvent(request), ...told, execution, gate };
    await appendEvent(transaction, event);
    return event.id;
  };

  return {
    database,
    requests,
    executions,
    asked: prepareRequestQueries(dialect),
    calls,
    runs,
    bears,
    budget: createGateBudget(dialect),
    appendEvent,
    logStep: createRequestLog(shield, requests, appendEvent),
    follow,
    tell,
  };
}

function verificationOf(
  { verification }: GateCallRow,
  { status }: OutlineRow,
): Pick<GatePart, "verification"> {
  return status === "COMMITTED" ? optional("verification", verification) : {};
}
