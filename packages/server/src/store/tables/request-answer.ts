import { digestTextOf } from "../../domain/digest.js";
import type { RequestEvent } from "../../domain/event.js";
import type { Resolution } from "../../domain/request.js";
import type { RequestRow } from "../schema.js";
import { eventTypeOf } from "./event-row.js";
import type { RequestMapper } from "./request-row.js";

/** A request that is answered in the transaction that makes it: its row, and the event of that. */
export function answerRow(
  mapper: RequestMapper,
  pending: RequestRow,
  resolution: Resolution,
): { readonly row: RequestRow; readonly event: RequestEvent } {
  const { status, at, decidedBy: actor, approvedDigest, reason } = resolution;
  const resolved: RequestRow = {
    ...pending,
    ...mapper.toResolvedColumns(pending, resolution),
    status,
    revision: pending.revision + 1,
  };
  const event: RequestEvent = {
    ...mapper.toEvent(resolved),
    type: eventTypeOf(status),
    at,
    actor,
    ...(approvedDigest !== undefined && { approvedDigest }),
    ...(reason !== undefined && { reasonDigest: digestTextOf(reason) }),
  };
  return { row: { ...resolved, resolution_event_id: event.id }, event };
}
