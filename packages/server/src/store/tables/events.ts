import { type RequestEventType, receiptIdOf, type WirePurchasePart } from "@holdpoint/protocol";
import type { Database, Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { EventRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { EventStore, StoredEvent } from "../store.js";
import { actorIn } from "./columns.js";
import { optional, priorityOf, RequestMapper } from "./request-row.js";

/** A request is bounded to a handful of events; this only keeps a damaged one from being endless. */
const HISTORY_LIMIT = 1_000;

/** Before the decision there is no reason of it. */
const OPEN: readonly RequestEventType[] = ["request.created", "shield.anomaly", "request.endorsed"];

/**
 * Events keep what is their own. What they say of the request never changes once they exist, so it
 * is read from the request; the operator's words stay sealed in one place.
 */
export function createEventStore({ read, dialect }: Database, vault: Vault): EventStore {
  const mapper = new RequestMapper(dialect, vault);
  const listAfter = prepareQuery((reader, after: Place) =>
    selectEvents(reader)
      .where("events.project_id", "=", after.projectId)
      .where("events.sequence", ">", after.sequence)
      .limit(after.limit),
  );

  function purchaseOf(row: JoinedRow): WirePurchasePart | undefined {
    const { amount_minor, currency, category, payee, late } = row;
    if (amount_minor === null || currency === null || category === null) return undefined;
    return {
      amount_minor: dialect.decodeInteger(amount_minor),
      currency,
      category,
      ...optional("payee", payee),
      ...(late !== null && { late: true }),
    };
  }

  function toEvent(row: JoinedRow): StoredEvent {
    const reason = OPEN.includes(row.type) ? undefined : mapper.openReason(sealedPart(row));
    return {
      sequence: dialect.decodeInteger(row.sequence),
      id: row.event_id,
      projectId: row.project_id,
      agentId: row.agent_id,
      type: row.type,
      request_id: row.request_id,
      at: new Date(dialect.decodeInteger(row.at)).toISOString(),
      actor: actorIn("actor", row),
      service: row.service,
      action: row.action,
      status: row.status,
      priority: priorityOf(row.urgency),
      ...optional("reason", reason),
      receipt_id: receiptIdOf(row.event_id),
      ...optional("execution", executionOf(row)),
      ...optional("purchase", purchaseOf(row)),
    };
  }

  return {
    async listForRequest(projectId, requestId) {
      const rows = await read((reader) =>
        selectEvents(reader)
          .where("events.project_id", "=", projectId)
          .where("events.request_id", "=", requestId)
          .limit(HISTORY_LIMIT)
          .execute(),
      );
      return rows.map(toEvent);
    },
    async listAfter(projectId, sequence, limit) {
      const after = { projectId, sequence, limit };
      const { rows } = await read((reader) => listAfter(reader, after));
      return rows.map(toEvent);
    },
    async latestSequence(projectId) {
      const row = await read(({ db }) =>
        db
          .selectFrom("events")
          .select("sequence")
          .where("project_id", "=", projectId)
          .orderBy("sequence", "desc")
          .limit(1)
          .executeTakeFirst(),
      );
      return row === undefined ? 0 : dialect.decodeInteger(row.sequence);
    },
  };
}

interface Place {
  readonly projectId: string;
  readonly sequence: number;
  readonly limit: number;
}

function selectEvents({ db }: Reader) {
  return db
    .selectFrom("events")
    .innerJoin("requests", "requests.id", "events.request_id")
    .leftJoin("purchases", "purchases.request_id", "events.request_id")
    .select([
      "events.sequence",
      "events.id as event_id",
      "events.project_id",
      "events.agent_id",
      "events.request_id",
      "events.type",
      "events.status",
      "events.at",
      "events.actor_type",
      "events.actor_id",
      "events.actor_name",
      "events.execution_id",
      "events.fencing_token",
      "events.reconciled",
      "events.amount_minor",
      "events.late",
      "requests.service",
      "requests.action",
      "requests.urgency",
      "requests.master_key_id",
      "requests.data_key",
      "requests.sealed_reason",
      "purchases.currency",
      "purchases.category",
      "purchases.payee",
    ])
    .orderBy("events.sequence");
}

type JoinedRow = Omit<EventRow, "sequence" | "id"> & { sequence: number; event_id: string } & Pick<
    RequestRow,
    "service" | "action" | "urgency" | "master_key_id" | "data_key" | "sealed_reason"
  > & { [column in "currency" | "category" | "payee"]: string | null };

function executionOf({ execution_id: id, fencing_token, reconciled }: JoinedRow) {
  if (id === null || fencing_token === null) return undefined;
  return { id, fencing_token, ...(reconciled !== null && { reconciled: true }) };
}

function sealedPart(row: JoinedRow) {
  const { request_id: id, project_id, master_key_id, data_key, sealed_reason } = row;
  return { id, project_id, master_key_id, data_key, sealed_reason };
}
