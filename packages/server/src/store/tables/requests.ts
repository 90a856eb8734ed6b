import { canTransition, isApprovedStatus } from "@holdpoint/protocol";
import { agentActor } from "../../domain/actor.js";
import { digestTextOf } from "../../domain/digest.js";
import { hasQuorum, type NewRequest, type Request, type Resolution } from "../../domain/request.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { ListedRequest, RequestStore } from "../store.js";
import { prepareApprovals } from "./approvals.js";
import { type EventWriter, eventTypeOf } from "./event-row.js";
import { answerRow } from "./request-answer.js";
import { createRequestList } from "./request-list.js";
import { EXPIRY, prepareRequestQueries } from "./request-queries.js";
import { optional, RequestMapper } from "./request-row.js";
import type { ShieldParts } from "./shield.js";
import { createRequestLog } from "./shield-request.js";
import { attachState } from "./states.js";

export function createRequestStore(
  database: Database,
  vault: Vault,
  appendEvent: EventWriter,
  shield: ShieldParts,
): RequestStore {
  const mapper = new RequestMapper(database.dialect, vault);
  const logStep = createRequestLog(shield, mapper, appendEvent);
  const queries = prepareRequestQueries(database.dialect);
  const approvals = prepareApprovals(database.dialect, vault);

  async function create(
    request: NewRequest,
    resolution?: Resolution,
  ): ReturnType<RequestStore["create"]> {
    const pending = mapper.toRow(request);
    const answered = resolution && answerRow(mapper, pending, resolution);
    const row = answered?.row ?? pending;
    const made = await database
      .write(async (transaction) => {
        const inserted = await queries.insert(transaction, row);
        if (inserted.numAffectedRows === 0n) {
          const { rows } = await queries.findById(transaction, row);
          return rows[0];
        }
        await attach(transaction, request);
        await appendEvent(transaction, {
          ...mapper.toEvent(pending),
          type: "request.created",
          at: request.createdAt,
          actor: agentActor(request.agent),
        });
        await logStep(transaction, request, pending);
        if (answered) await appendEvent(transaction, answered.event);
        return "created" as const;
      })
      .catch(undoneForState);
    if (made === "no_state") return { outcome: "no_state" };
    if (made === "created") {
      const created = asCreated(request);
      const isOver = resolution && answered;
      return {
        outcome: "created",
        request: isOver ? asResolved(created, resolution, answered.event.id) : created,
      };
    }
    if (made === undefined || !isReplay(made, request)) return { outcome: "conflict" };
    return { outcome: "replayed", request: mapper.toRequest(made) };
  }

  const takenBy: RequestStore["takenBy"] = async (request) => {
    const { rows } = await database.read((reader) => queries.findById(reader, request));
    const [row] = rows;
    if (row === undefined) return "nobody";
    return isReplay(row, request) ? "itself" : "another";
  };

  async function find(projectId: string, requestId: string): Promise<Request | undefined> {
    return database.read(async (reader) => {
      const row = await findRow(reader, projectId, requestId);
      return row && withApprovals(reader, mapper.toRequest(row));
    });
  }

  async function resolve(
    projectId: string,
    requestId: string,
    revision: number,
    resolution: Resolution,
  ): ReturnType<RequestStore["resolve"]> {
    return database.write(async (transaction) => {
      const row = await findRow(transaction, projectId, requestId);
      if (row === undefined) return undefined;
      // Opened before anything changes: nobody decides what cannot be read.
      const request = mapper.toRequest(row);
      if (await isOneOfSeveral(transaction, row, revision, resolution)) {
        return { outcome: "endorsed", request: await withApprovals(transaction, request) };
      }
      const eventId = await settle(transaction, row, revision, resolution);
      if (eventId !== undefined) {
        const resolved = asResolved(request, resolution, eventId);
        return { outcome: "resolved", request: await withApprovals(transaction, resolved) };
      }
      const standing = await findRow(transaction, projectId, requestId);
      const lost = standing ? mapper.toRequest(standing) : request;
      return { outcome: "lost", request: await withApprovals(transaction, lost) };
    });
  }

  /**
   * Counts an approval where a quorum has to approve, and tells whether others have to follow. What
   * becomes of the last one, and of one that is too late, is left to {@link settle}.
   */
  async function isOneOfSeveral(
    transaction: Transaction,
    { id, project_id, quorum }: RequestRow,
    revision: number,
    { status, decidedBy: actor, at, reason }: Resolution,
  ): Promise<boolean> {
    if (!hasQuorum({ quorum }) || !isApprovedStatus(status)) return false;
    // Who else approves waits here, so that of two last approvals one counts the other.
    const { rows } = await queries.lock(transaction, { id, project_id });
    const row = rows.find((locked) => isOpen(locked, revision, at));
    if (row === undefined) return false;
    const { isNew, count } = await approvals.add(transaction, row, { actor, at, reason });
    if (count >= (quorum ?? 1)) return false;
    const event = { ...mapper.toEvent(row), type: "request.endorsed", at, actor } as const;
    if (isNew) await appendEvent(transaction, event);
    return true;
  }

  function isOpen(row: RequestRow, revision: number, at: number): boolean {
    const expiresAt = database.dialect.decodeInteger(row.expires_at);
    return row.status === "PENDING" && row.revision === revision && expiresAt > at;
  }

  async function withApprovals(reader: Reader, request: Request): Promise<Request> {
    const [attached = request] = await approvals.attach(reader, [request]);
    return attached;
  }

  /**
   * The compare-and-set and its event, whose id it gives. The condition in the `update` decides;
   * nothing read before does.
   */
  async function settle(
    transaction: Transaction,
    row: RequestRow,
    revision: number,
    resolution: Resolution,
  ): Promise<string | undefined> {
    const {
      status,
      at,
      decidedBy: actor,
      approvedDigest,
      approvedAmountMinor,
      reason,
    } = resolution;
    if (!canTransition("PENDING", status)) return undefined;
    const event = { ...mapper.toEvent({ ...row, status, revision: row.revision + 1 }), at, actor };
    const update = status === "EXPIRED" ? queries.expire : queries.decide;
    const updated = await update(transaction, {
      ...mapper.toResolvedColumns(row, resolution),
      id: row.id,
      status,
      revision,
      resolution_event_id: event.id,
    });
    if (updated.numAffectedRows !== 1n) return undefined;
    await appendEvent(transaction, {
      ...event,
      type: eventTypeOf(status),
      ...optional("approvedDigest", approvedDigest),
      ...optional("approvedAmountMinor", approvedAmountMinor),
      ...(reason !== undefined && { reasonDigest: digestTextOf(reason) }),
    });
    return event.id;
  }

  async function findRow(reader: Reader, projectId: string, requestId: string) {
    const { rows } = await queries.find(reader, { project_id: projectId, id: requestId });
    return rows[0];
  }

  async function expireDue(now: number, limit: number): Promise<readonly ListedRequest[]> {
    const rows = await database.write(async (transaction) => {
      const { rows: expired } = await queries.expireDue(transaction, { now, limit });
      for (const row of expired) {
        const event = mapper.toEvent(row);
        await queries.setResolutionEvent(transaction, { id: row.id, eventId: event.id });
        row.resolution_event_id = event.id;
        await appendEvent(transaction, {
          ...event,
          type: "request.expired",
          at: now,
          actor: EXPIRY,
        });
      }
      return expired;
    });
    return rows.map((row) => mapper.toListed(row));
  }

  async function nextExpiry(): Promise<number | undefined> {
    const { rows } = await database.read((reader) => queries.nextExpiry(reader, {}));
    const [row] = rows;
    return row && database.dialect.decodeInteger(row.expires_at);
  }

  return {
    create,
    takenBy,
    find,
    list: createRequestList(database, mapper, approvals.attach),
    resolve,
    expireDue,
    nextExpiry,
  };
}

/** Undoes the making of a request that names a state which is not there. */
class StateMissing extends Error {}

async function attach(transaction: Transaction, request: NewRequest): Promise<void> {
  const { stateId: id, projectId, agent, createdAt } = request;
  if (id === undefined) return;
  const state = { id, projectId, agentId: agent.id };
  if (!(await attachState(transaction, state, createdAt))) throw new StateMissing();
}

function undoneForState(error: unknown): "no_state" {
  if (error instanceof StateMissing) return "no_state";
  throw error;
}

/** What {@link RequestMapper.toRequest} would give for the row just inserted. */
function asCreated(request: NewRequest): Request {
  const { digest: _digest, step: _step, ...created } = request;
  return { ...created, status: "PENDING", executionStatus: "NONE", revision: 1 };
}

/** What {@link RequestMapper.toRequest} would give after the update. */
function asResolved(
  request: Request,
  { at, approvedAmountMinor: _approved, ...resolution }: Resolution,
  resolutionEventId: string,
): Request {
  const revision = request.revision + 1;
  return { ...request, ...resolution, resolvedAt: at, revision, resolutionEventId };
}

function isReplay(
  row: RequestRow,
  request: Pick<NewRequest, "projectId" | "agent" | "digest">,
): boolean {
  return (
    row.project_id === request.projectId &&
    row.agent_id === request.agent.id &&
    row.digest === request.digest
  );
}
