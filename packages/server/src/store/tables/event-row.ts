import type { RequestEventType, RequestStatus } from "@holdpoint/protocol";
import type { RequestEvent } from "../../domain/event.js";
import type { Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { NewEventRow } from "../schema.js";
import { toActorColumns } from "./columns.js";

export type EventWriter = (transaction: Transaction, event: RequestEvent) => Promise<void>;

/**
 * Records what has happened, in the transaction that makes it true: in the request's history, and
 * with whoever else must know for certain.
 *
 * @param others - Written after the history, in order. One that throws undoes the transaction.
 */
export function createEventWriter(dialect: Dialect, others: readonly EventWriter[]): EventWriter {
  const insert = prepareQuery(({ db }, event: NewEventRow) =>
    db.insertInto("events").values({
      id: event.id,
      project_id: event.project_id,
      request_id: event.request_id,
      agent_id: event.agent_id,
      type: event.type,
      status: event.status,
      at: event.at,
      actor_type: event.actor_type,
      actor_id: event.actor_id,
      actor_name: event.actor_name,
      execution_id: event.execution_id,
      fencing_token: event.fencing_token,
      reconciled: event.reconciled,
      amount_minor: event.amount_minor,
      late: event.late,
    }),
  );
  return async (transaction, event) => {
    const { actor, execution, purchase } = event;
    const row: NewEventRow = {
      id: event.id,
      project_id: event.projectId,
      request_id: event.requestId,
      agent_id: event.agentId,
      type: event.type,
      status: event.status,
      at: event.at,
      ...toActorColumns("actor", actor),
      execution_id: execution?.id ?? null,
      fencing_token: execution?.fencingToken ?? null,
      reconciled: execution?.reconciled === true ? dialect.encodeBoolean(true) : null,
      amount_minor: purchase?.amountMinor ?? null,
      late: purchase?.late === true ? dialect.encodeBoolean(true) : null,
    };
    if (transaction.last === undefined) await insert(transaction, row);
    else transaction.last.events.push(row);
    for (const write of others) await write(transaction, event);
  };
}

const EVENT_TYPES = {
  PENDING: "request.created",
  APPROVED: "request.approved",
  APPROVED_WITH_MODIFICATIONS: "request.approved",
  REJECTED: "request.rejected",
  EXPIRED: "request.expired",
  CANCELLED: "request.cancelled",
} as const satisfies Record<RequestStatus, RequestEventType>;

export function eventTypeOf(status: RequestStatus): RequestEventType {
  return EVENT_TYPES[status];
}
