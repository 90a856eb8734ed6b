import { canTransition, type RequestStatus } from "@holdpoint/protocol";
import { sql } from "kysely";
import type { NewRequest, Request, Resolution } from "../../domain/request.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { ListedRequest, RequestStore } from "../store.js";
import { type EventWriter, eventTypeOf } from "./event-row.js";
import { createRequestList } from "./request-list.js";
import { LISTED_COLUMNS, RequestMapper } from "./request-row.js";

/** Who expires a request. */
const CLOCK = { type: "system", id: "expiry" } as const;

export function createRequestStore(
  database: Database,
  vault: Vault,
  appendEvent: EventWriter,
): RequestStore {
  const mapper = new RequestMapper(database.dialect, vault);
  const queries = prepareQueries(database.dialect);

  async function create(request: NewRequest): ReturnType<RequestStore["create"]> {
    const row = mapper.toRow(request);
    const made = await database.write(async (transaction) => {
      const inserted = await queries.insert(transaction, row);
      if (inserted.numAffectedRows === 0n)
        return (await queries.findById(transaction, row)).rows[0];
      await appendEvent(transaction, {
        row,
        type: "request.created",
        at: request.createdAt,
        actor: { type: "agent", id: request.agent.id, name: request.agent.name },
      });
      return "created" as const;
    });
    if (made === "created") return { outcome: "created", request: asCreated(request) };
    if (made === undefined || !isReplay(made, request)) return { outcome: "conflict" };
    return { outcome: "replayed", request: mapper.toRequest(made) };
  }

  async function find(projectId: string, requestId: string): Promise<Request | undefined> {
    const row = await database.read((reader) => findRow(reader, projectId, requestId));
    return row && mapper.toRequest(row);
  }

  async function resolve(
    projectId: string,
    requestId: string,
    revision: number,
    resolution: Resolution,
  ): ReturnType<RequestStore["resolve"]> {
    const result = await database.write(async (transaction) => {
      const row = await findRow(transaction, projectId, requestId);
      if (row === undefined) return undefined;
      const won = await settle(transaction, row, revision, resolution);
      if (won) return { row, won };
      return { row: (await findRow(transaction, projectId, requestId)) ?? row, won };
    });
    if (result === undefined) return undefined;
    const request = mapper.toRequest(result.row);
    if (!result.won) return { outcome: "lost", request };
    return { outcome: "resolved", request: asResolved(request, resolution) };
  }

  /** The compare-and-set and its event. The condition in the `update` decides; nothing read before does. */
  async function settle(
    transaction: Transaction,
    row: RequestRow,
    revision: number,
    resolution: Resolution,
  ): Promise<boolean> {
    const { status, at, decidedBy: actor } = resolution;
    if (!canTransition("PENDING", status)) return false;
    const change = { ...mapper.toResolvedColumns(row, resolution), id: row.id, status, revision };
    const update = status === "EXPIRED" ? queries.expire : queries.decide;
    const updated = await update(transaction, change);
    if (updated.numAffectedRows !== 1n) return false;
    const { id, project_id, agent_id } = row;
    const event = {
      row: { id, project_id, agent_id, status },
      type: eventTypeOf(status),
      at,
      actor,
    };
    await appendEvent(transaction, event);
    return true;
  }

  async function findRow(reader: Reader, projectId: string, requestId: string) {
    const { rows } = await queries.find(reader, { project_id: projectId, id: requestId });
    return rows[0];
  }

  async function expireDue(now: number, limit: number): Promise<readonly ListedRequest[]> {
    const rows = await database.write(async (transaction) => {
      const { rows: expired } = await queries.expireDue(transaction, { now, limit });
      for (const row of expired) {
        await appendEvent(transaction, { row, type: "request.expired", at: now, actor: CLOCK });
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
    find,
    list: createRequestList(database, mapper),
    resolve,
    expireDue,
    nextExpiry,
  };
}

/** `status = 'PENDING'` as a literal, which a parameter is not: only so do the partial indexes apply. */
const IS_PENDING = sql<boolean>`status = 'PENDING'`;

function prepareQueries(dialect: Dialect) {
  return {
    insert: prepareQuery(({ db }, row: RequestRow) =>
      db
        .insertInto("requests")
        .values(pickColumns(row))
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    find: prepareQuery(({ db }, key: Pick<RequestRow, "id" | "project_id">) =>
      db
        .selectFrom("requests")
        .selectAll()
        .where("id", "=", key.id)
        .where("project_id", "=", key.project_id),
    ),
    findById: prepareQuery(({ db }, key: Pick<RequestRow, "id">) =>
      db.selectFrom("requests").selectAll().where("id", "=", key.id),
    ),
    decide: prepareQuery((reader, change: Change) =>
      updatePending(reader, change).where("expires_at", ">", change.resolved_at),
    ),
    expire: prepareQuery((reader, change: Change) =>
      updatePending(reader, change).where("expires_at", "<=", change.resolved_at),
    ),
    expireDue: prepareQuery((reader, due: Due) => updateDue(reader, dialect, due)),
    nextExpiry: prepareQuery(({ db }, _none: object) =>
      db
        .selectFrom("requests")
        .select("expires_at")
        .where(IS_PENDING)
        .orderBy("expires_at")
        .limit(1),
    ),
  };
}

type Change = ReturnType<RequestMapper["toResolvedColumns"]> & {
  readonly id: string;
  readonly status: RequestStatus;
  readonly revision: number;
};

function updatePending({ db }: Reader, change: Change) {
  return db
    .updateTable("requests")
    .set({
      status: change.status,
      decided_by_type: change.decided_by_type,
      decided_by_id: change.decided_by_id,
      decided_by_name: change.decided_by_name,
      resolved_at: change.resolved_at,
      sealed_patch: change.sealed_patch,
      sealed_diff: change.sealed_diff,
      sealed_reason: change.sealed_reason,
      revision: sql<number>`revision + 1`,
    })
    .where("id", "=", change.id)
    .where("revision", "=", change.revision)
    .where(IS_PENDING);
}

/** Names every column, for a placeholder row has none to enumerate. */
function pickColumns(row: RequestRow): RequestRow {
  return {
    ...Object.fromEntries(LISTED_COLUMNS.map((column) => [column, row[column]])),
    digest: row.digest,
    master_key_id: row.master_key_id,
    data_key: row.data_key,
    sealed_reason: row.sealed_reason,
    schema: row.schema,
    sealed_payload: row.sealed_payload,
    sealed_patch: row.sealed_patch,
    sealed_diff: row.sealed_diff,
  } as RequestRow;
}

/** One statement, so that a decision cannot come between choosing and expiring. */
function updateDue({ db }: Reader, dialect: Dialect, { now, limit }: Due) {
  const due = db
    .selectFrom("requests")
    .select("id")
    .where(IS_PENDING)
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit);
  return db
    .updateTable("requests")
    .set({
      status: "EXPIRED",
      decided_by_type: CLOCK.type,
      decided_by_id: CLOCK.id,
      resolved_at: now,
      revision: sql<number>`revision + 1`,
    })
    .where("id", "in", dialect.lockRows(due, "skip"))
    .where(IS_PENDING)
    .returning(LISTED_COLUMNS);
}

interface Due {
  readonly now: number;
  readonly limit: number;
}

/** What {@link RequestMapper.toRequest} would give for the row just inserted. */
function asCreated(request: NewRequest): Request {
  const { digest: _digest, ...created } = request;
  return { ...created, status: "PENDING", executionStatus: "NONE", revision: 1 };
}

/** What {@link RequestMapper.toRequest} would give after the update. */
function asResolved(request: Request, { at, ...resolution }: Resolution): Request {
  return { ...request, ...resolution, resolvedAt: at, revision: request.revision + 1 };
}

function isReplay(row: RequestRow, request: NewRequest): boolean {
  return (
    row.project_id === request.projectId &&
    row.agent_id === request.agent.id &&
    row.digest === request.digest
  );
}
