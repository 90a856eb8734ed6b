import { agentActor } from "../../domain/actor.js";
import {
  BUDGET,
  type CallStart,
  type CallVerdict,
  type GateCall,
  type NewGateCall,
} from "../../domain/gate/call.js";
import type { Resolution } from "../../domain/request.js";
import type { Transaction } from "../database.js";
import type { GateCallRow, RequestRow } from "../schema.js";
import { together } from "../together.js";
import type { GateCallStore } from "../verbs/gate-calls.js";
import type { GateCallParts } from "./gate-call-parts.js";
import { toGateCallRow, toGateFacts, toGatePart } from "./gate-call-row.js";
import { answerRow } from "./request-answer.js";

/** Makes calls as they were judged. */
export function createCallCreation(parts: GateCallParts): GateCallStore["create"] {
  const { database, requests, executions, calls, runs, bears, budget } = parts;
  const { asked, appendEvent, logStep, tell } = parts;

  /** What no budget bears is refused. */
  async function draw(transaction: Transaction, call: NewGateCall): Promise<NewGateCall> {
    const { request, lease, cost, verdict } = call;
    if (verdict.kind !== "run") return call;
    const agentId = request.agent.id;
    const drawn = { agentId, sessionId: lease.sessionId, at: verdict.start.at };
    const isDrawn = await budget.reserve(transaction, { ...drawn, ...(cost && { cost }) });
    return isDrawn ? call : { ...call, verdict: EXHAUSTED };
  }

  /** The request as it was judged, what the gate knows of it, and its run where it begins. */
  async function record(transaction: Transaction, call: NewGateCall): Promise<GateCall> {
    const { request, lease, verdict } = call;
    const start = verdict.kind === "run" ? verdict.start : undefined;
    const pending = requests.toRow(request);
    const resolution = resolutionOf(verdict, request.createdAt);
    const answered = resolution && answerRow(requests, pending, resolution);
    const row = { ...(answered?.row ?? pending), ...(start && startColumns(start, lease.epoch)) };
    const inserted = await asked.insert(transaction, row);
    if (inserted.numAffectedRows !== 1n) throw new IdTaken();
    const callRow = toGateCallRow({ ...call, ...(start && { startedAt: start.at }) });
    // Sent together, run in turn: the events stand in this order.
    const [, , , , execution] = await together([
      calls.insert(transaction, callRow),
      tellAsked(transaction, pending, callRow, call),
      logStep(transaction, request, pending, toGatePart(callRow)),
      answered && appendEvent(transaction, { ...answered.event, gate: toGatePart(callRow) }),
      start && begin(transaction, row, callRow, call, start),
    ]);
    const facts = toGateFacts(database.dialect, callRow);
    return { request: requests.toRequest(row), ...facts, ...(execution && { execution }) };
  }

  async function tellAsked(
    transaction: Transaction,
    pending: RequestRow,
    callRow: GateCallRow,
    { request: { createdAt: at, agent } }: NewGateCall,
  ): Promise<void> {
    const actor = agentActor(agent);
    const event = { ...requests.toEvent(pending), type: "request.created", at, actor } as const;
    await appendEvent(transaction, { ...event, gate: toGatePart(callRow) });
  }

  async function begin(
    transaction: Transaction,
    request: RequestRow,
    callRow: GateCallRow,
    { request: { projectId, agent } }: NewGateCall,
    { executionId: id, idempotent, at, leaseExpiresAt }: CallStart,
  ) {
    const claim = { id, projectId, requestId: request.id, agent, idempotent, at, leaseExpiresAt };
    const run = executions.toRow(claim);
    const actor = agentActor(agent);
    await together([
      runs.insert(transaction, run),
      tell(transaction, { request, call: callRow, run }, { type: "execution.claimed", at, actor }),
    ]);
    return executions.toOutline(run);
  }

  return async (call) => {
    try {
      return await database.write(async (transaction) => {
        const { projectId } = call.request;
        if (!(await bears(transaction, projectId, call.lease))) {
          return { outcome: "frozen" };
        }
        const judged = await draw(transaction, call);
        const made = await record(transaction, judged);
        return { outcome: judged === call ? "created" : "exhausted", call: made };
      });
    } catch (error) {
      if (error instanceof IdTaken) return { outcome: "taken" };
      throw error;
    }
  };
}

/** Undoes the making of a call whose id another request has, with what was drawn for it. */
class IdTaken extends Error {}

const EXHAUSTED = {
  kind: "deny",
  decidedBy: BUDGET,
  reason: "The budget of the session, or of the agent's day, does not bear this call.",
} as const satisfies CallVerdict;

function resolutionOf(verdict: CallVerdict, at: number): Resolution | undefined {
  switch (verdict.kind) {
    case "hold":
      return undefined;
    case "deny":
      return { status: "REJECTED", decidedBy: verdict.decidedBy, at, reason: verdict.reason };
    case "run": {
      const { decidedBy, approvedDigest, grant } = verdict;
      return { status: "APPROVED", decidedBy, at, approvedDigest, grant };
    }
  }
}

/** Its grant is made and used at once, under the authority as it stands. */
function startColumns({ executionId }: CallStart, epoch: number) {
  return {
    execution_status: "CLAIMED",
    execution_id: executionId,
    grant_epoch: epoch,
  } as const;
}
