import type { RequestEventType, RequestStatus, WireActor } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { EventRow, RequestRow } from "../schema.js";

/** Something that has just happened to a request. */
interface NewEvent {
  readonly row: Pick<RequestRow, "id" | "project_id" | "agent_id" | "status">;
  readonly type: RequestEventType;
  readonly at: number;
  readonly actor: WireActor;
}

export type EventWriter = (transaction: Transaction, event: NewEvent) => Promise<void>;

/** Appends to the history of a request, in the transaction that makes it true. */
export function createEventWriter(): EventWriter {
  const insert = prepareQuery(({ db }, event: Omit<EventRow, "sequence">) =>
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
    }),
  );
  return async (transaction, { row, type, at, actor }) => {
    await insert(transaction, {
      id: typeidUnboxed("evt"),
      project_id: row.project_id,
      request_id: row.id,
      agent_id: row.agent_id,
      type,
      status: row.status,
      at,
      actor_type: actor.type,
      actor_id: actor.id,
      actor_name: actor.name ?? null,
    });
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
