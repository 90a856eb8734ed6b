import { agentActor } from "../../domain/actor.js";
import type { Claim } from "../../domain/execution.js";
import type { ApprovedCall } from "../../domain/gate/call.js";
import type { Transaction } from "../database.js";
import type { GateCallStore } from "../verbs/gate-calls.js";
import type { OutlineRow } from "./execution-row.js";
import type { GateCallParts } from "./gate-call-parts.js";
import { toCostColumns } from "./gate-call-row.js";
import type { ListedRow } from "./request-row.js";

/** Begins calls that were approved, and anew those whose outcome nobody knows. */
export function createCallBeginning(parts: GateCallParts): GateCallStore["begin"] {
  const { database, executions, calls, runs, bears, budget, follow, tell } = parts;

  /** Under the authority as it stands, and asked for under no older one. */
  async function isInForce(transaction: Transaction, call: ApprovedCall): Promise<boolean> {
    const { requestId, projectId, lease } = call;
    if (!(await bears(transaction, projectId, lease))) return false;
    const { rows } = await calls.findAsked(transaction, { requestId, projectId });
    return rows[0]?.epoch === lease.epoch;
  }

  /** Of all who come, one finds the grant unused, and draws on the budget. */
  async function beginFirst(transaction: Transaction, call: ApprovedCall) {
    const { start, lease, cost, agent } = call;
    const { rows } = await runs.consumeGrant(transaction, {
      id: call.requestId,
      project_id: call.projectId,
      agent_id: agent.id,
      grant_id: call.grantId,
      approved_digest: call.approvedDigest,
      at: start.at,
      execution_id: start.executionId,
    });
    const [request] = rows;
    if (request === undefined) return undefined;
    const drawn = { agentId: agent.id, sessionId: lease.sessionId, at: start.at };
    const isDrawn = await budget.reserve(transaction, { ...drawn, ...(cost && { cost }) });
    if (!isDrawn) throw new Exhausted();
    const row = executions.toRow(claimOf(call));
    await runs.insert(transaction, row);
    await tellBegun(transaction, call, request, row);
    return row;
  }

  /** Its budget was drawn when it first began: what is tried again is the same call. */
  async function beginAgain(transaction: Transaction, call: ApprovedCall) {
    if (!call.start.idempotent) return undefined;
    const { rows } = await runs.claimAgain(transaction, {
      ...executions.toRow(claimOf(call)),
      grant_id: call.grantId,
      approved_digest: call.approvedDigest,
    });
    const [claimed] = rows;
    if (claimed === undefined) return undefined;
    const { rows: forgotten } = await calls.forgetFault(transaction, { id: claimed.id });
    const row = forgotten[0] ?? claimed;
    await tellBegun(transaction, call, await follow(transaction, row), row);
    return row;
  }

  async function tellBegun(
    transaction: Transaction,
    { requestId, lease, cost, start, agent }: ApprovedCall,
    request: ListedRow,
    run: OutlineRow,
  ): Promise<void> {
    const { rows } = await calls.begin(transaction, {
      request_id: requestId,
      session_id: lease.sessionId,
      lease_id: lease.id,
      ...toCostColumns(cost),
      started_at: start.at,
    });
    const [call] = rows;
    if (call === undefined) throw new Error("Expected a run to have its call.");
    const actor = agentActor(agent);
    const told = { type: "execution.claimed", at: start.at, actor } as const;
    await tell(transaction, { request, call, run }, told);
  }

  return async (call) => {
    try {
      return await database.write(async (transaction) => {
        if (!(await isInForce(transaction, call))) return { outcome: "frozen" };
        const row = (await beginFirst(transaction, call)) ?? (await beginAgain(transaction, call));
        if (row === undefined) return { outcome: "lost" };
        return { outcome: "begun", execution: executions.toOutline(row) };
      });
    } catch (error) {
      if (error instanceof Exhausted) return { outcome: "exhausted" };
      throw error;
    }
  };
}

/** Undoes the use of a grant that no budget bears now: it can be used later. */
class Exhausted extends Error {}

function claimOf({
  requestId,
  projectId,
  agent,
  grantId,
  approvedDigest,
  start,
}: ApprovedCall): Claim {
  const { executionId: id, idempotent, at, leaseExpiresAt } = start;
  return {
    id,
    projectId,
    requestId,
    agent,
    grantId,
    approvedDigest,
    idempotent,
    at,
    leaseExpiresAt,
  };
}
