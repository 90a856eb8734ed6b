import { canExecutionTransition, type RequestEventType, type WireActor } from "@holdpoint/protocol";
import { agentActor } from "../../domain/actor.js";
import type {
  Claim,
  Ending,
  Execution,
  Reconciliation,
  Settlement,
} from "../../domain/execution.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import { together } from "../together.js";
import type { ClaimOutcome, ExecutionStore } from "../verbs/executions.js";
import { prepareAuthority } from "./authorities.js";
import type { EventWriter } from "./event-row.js";
import { LEASE, prepareExecutionQueries } from "./execution-queries.js";
import { ExecutionMapper, type KeyedRow, type OutlineRow } from "./execution-row.js";
import { type ListedRow, RequestMapper } from "./request-row.js";

export function createExecutionStore(
  database: Database,
  vault: Vault,
  appendEvent: EventWriter,
): ExecutionStore {
  const { dialect } = database;
  const mapper = new ExecutionMapper(dialect, vault);
  const requests = new RequestMapper(dialect, vault);
  const queries = prepareExecutionQueries(dialect);
  const authority = prepareAuthority(dialect);

  async function claim(claimed: Claim): ReturnType<ExecutionStore["claim"]> {
    try {
      return await database.write(async (transaction) => {
        const row = await consume(transaction, claimed);
        if (row !== undefined) return { outcome: "claimed", execution: mapper.toOutline(row) };
        const outcome = await contend(transaction, claimed);
        return (await isFrozen(transaction, claimed, outcome)) ? { outcome: "frozen" } : outcome;
      });
    } catch (error) {
      if (error instanceof IdTaken) return { outcome: "id_taken" };
      throw error;
    }
  }

  /** The first claim of a grant; `undefined` when there is none to consume. */
  async function consume(transaction: Transaction, claimed: Claim) {
    const row = mapper.toRow(claimed);
    // Sent together, run in turn: the grant is looked at once no freeze can come in between.
    const [, { rows }] = await together([
      authority.hold(transaction, claimed.projectId),
      queries.consumeGrant(transaction, {
        id: claimed.requestId,
        project_id: claimed.projectId,
        agent_id: claimed.agent.id,
        grant_id: claimed.grantId,
        approved_digest: claimed.approvedDigest,
        at: claimed.at,
        execution_id: claimed.id,
      }),
    ]);
    const [request] = rows;
    if (request === undefined) return undefined;
    const inserted = await queries.insert(transaction, row);
    if (inserted.numAffectedRows !== 1n) throw new IdTaken();
    await tell(
      transaction,
      request,
      row,
      "execution.claimed",
      claimed.at,
      agentActor(claimed.agent),
    );
    return row;
  }

  /** Somebody has claimed it before: this very claim, or one whose outcome nobody knows. */
  async function contend(
    transaction: Transaction,
    claimed: Claim,
  ): ReturnType<ExecutionStore["claim"]> {
    const standing = await findForRequest(transaction, claimed);
    if (standing === undefined) return { outcome: "lost" };
    if (standing.claim_id === claimed.id && standing.agent_id === claimed.agent.id) {
      return { outcome: "replayed", execution: mapper.toExecution(standing) };
    }
    const again = await claimAgain(transaction, claimed);
    if (again !== undefined) return { outcome: "claimed", execution: mapper.toOutline(again) };
    const winner = (await findForRequest(transaction, claimed)) ?? standing;
    return { outcome: "lost", execution: mapper.toExecution(winner) };
  }

  async function claimAgain(transaction: Transaction, claimed: Claim) {
    if (!claimed.idempotent || !canExecutionTransition("OUTCOME_UNKNOWN", "CLAIMED")) return;
    const { rows } = await queries.claimAgain(transaction, {
      ...mapper.toRow(claimed),
      grant_id: claimed.grantId,
      approved_digest: claimed.approvedDigest,
    });
    const [row] = rows;
    if (row === undefined) return undefined;
    const request = await follow(transaction, row);
    await tell(
      transaction,
      request,
      row,
      "execution.claimed",
      claimed.at,
      agentActor(claimed.agent),
    );
    return row;
  }

  /** Whether it is a freeze that kept a grant from being used which nobody has used up. */
  async function isFrozen(
    transaction: Transaction,
    claimed: Claim,
    result: ClaimOutcome,
  ): Promise<boolean> {
    if (result.outcome !== "lost") return false;
    const { execution } = result;
    const isFree =
      execution === undefined ||
      (execution.status === "OUTCOME_UNKNOWN" && execution.idempotent && claimed.idempotent);
    if (!isFree) return false;
    const { rows } = await queries.findFrozen(transaction, {
      id: claimed.requestId,
      project_id: claimed.projectId,
    });
    return rows.length > 0;
  }

  async function renew(
    projectId: string,
    executionId: string,
    renewal: Parameters<ExecutionStore["renew"]>[2],
  ): ReturnType<ExecutionStore["renew"]> {
    return database.write(async (transaction) => {
      const standing = await findRow(transaction, projectId, executionId);
      if (standing === undefined) return undefined;
      const { rows } = await queries.renew(transaction, {
        id: executionId,
        fencing_token: renewal.fencingToken,
        lease_expires_at: renewal.leaseExpiresAt,
        at: renewal.at,
      });
      const [row] = rows;
      if (row !== undefined) return { outcome: "renewed", execution: mapper.toOutline(row) };
      return { outcome: "lost", execution: mapper.toExecution(standing) };
    });
  }

  /**
   * The compare-and-set and its event. The conditions in the `update` decide; what was read before
   * only gives the key to seal with.
   */
  async function end(
    projectId: string,
    executionId: string,
    from: "CLAIMED" | "OUTCOME_UNKNOWN",
    ending: Settlement | Reconciliation,
  ): ReturnType<ExecutionStore["settle"]> {
    return database.write(async (transaction) => {
      const standing = await findRow(transaction, projectId, executionId);
      if (standing === undefined) return undefined;
      const columns = mapper.toEndedColumns(standing, ending);
      const token = "fencingToken" in ending ? ending.fencingToken : standing.fencing_token;
      const change = { ...columns, id: executionId, fencing_token: token };
      const update = from === "CLAIMED" ? queries.settle : queries.reconcile;
      const { rows } = canExecutionTransition(from, ending.status)
        ? await update(transaction, change)
        : { rows: [] };
      const [row] = rows;
      if (row !== undefined) {
        const request = await follow(transaction, row);
        await tell(transaction, request, row, EVENTS[ending.status], ending.at, ending.settledBy);
        return { outcome: "settled", execution: asEnded(mapper.toOutline(row), ending) };
      }
      const winner = (await findRow(transaction, projectId, executionId)) ?? standing;
      const outcome = isSameEnd(winner, change) ? "replayed" : "lost";
      return { outcome, execution: mapper.toExecution(winner) };
    });
  }

  async function lapseDue(now: number, limit: number): ReturnType<ExecutionStore["lapseDue"]> {
    const rows = await database.write(async (transaction) => {
      const { rows: lapsed } = await queries.lapseDue(transaction, { now, limit });
      for (const row of lapsed) {
        const request = await follow(transaction, row);
        await tell(transaction, request, row, "execution.outcome_unknown", now, LEASE);
      }
      return lapsed;
    });
    return rows.map((row) => mapper.toOutline(row));
  }

  /** Lets the request say where its execution stands. */
  async function follow(transaction: Transaction, row: OutlineRow): Promise<ListedRow> {
    const { rows } = await queries.follow(transaction, { id: row.request_id, status: row.status });
    const [request] = rows;
    if (request === undefined) throw new Error("Expected an execution to have its request.");
    return request;
  }

  async function tell(
    transaction: Transaction,
    request: ListedRow,
    row: OutlineRow,
    type: RequestEventType,
    at: number,
    actor: WireActor,
  ): Promise<void> {
    const execution = mapper.toPart(row);
    await appendEvent(transaction, { ...requests.toEvent(request), type, at, actor, execution });
  }

  async function findRow(reader: Reader, projectId: string, id: string) {
    const { rows } = await queries.find(reader, { project_id: projectId, id });
    return rows[0];
  }

  async function findForRequest(reader: Reader, { projectId, requestId }: Claim) {
    const key = { project_id: projectId, request_id: requestId };
    const { rows } = await queries.findForRequest(reader, key);
    return rows[0];
  }

  return {
    claim,
    renew,
    settle: (projectId, id, settlement) => end(projectId, id, "CLAIMED", settlement),
    reconcile: (projectId, id, found) => end(projectId, id, "OUTCOME_UNKNOWN", found),
    async find(projectId, executionId) {
      const row = await database.read((reader) => findRow(reader, projectId, executionId));
      return row && mapper.toExecution(row);
    },
    lapseDue,
    async nextLeaseEnd() {
      const { rows } = await database.read((reader) => queries.nextLeaseEnd(reader, {}));
      const [row] = rows;
      return row && dialect.decodeInteger(row.lease_expires_at);
    },
  };
}

/** Undoes a claim whose id another request's execution has. */
class IdTaken extends Error {}

const EVENTS = {
  COMMITTED: "execution.committed",
  FAILED: "execution.failed",
} as const satisfies Record<Ending["status"], RequestEventType>;

/** What {@link ExecutionMapper.toExecution} would give after the update. */
function asEnded(outline: Execution, ending: Settlement | Reconciliation): Execution {
  const { result, error } = ending;
  return {
    ...outline,
    ...(result !== undefined && { result }),
    ...(error !== undefined && { error }),
    ...("evidence" in ending && { evidence: ending.evidence }),
  };
}

type Change = ReturnType<ExecutionMapper["toEndedColumns"]> & { readonly fencing_token: number };

/** The same call again finds what it did the first time. Digests stand for what was said. */
function isSameEnd(standing: KeyedRow, change: Change): boolean {
  return (
    standing.status === change.status &&
    standing.fencing_token === change.fencing_token &&
    standing.reconciled === change.reconciled &&
    standing.result_digest === change.result_digest &&
    standing.error_digest === change.error_digest &&
    standing.evidence_digest === change.evidence_digest
  );
}
