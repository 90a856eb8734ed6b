import { receiptIdOf } from "@holdpoint/protocol";
import type { WireAuthority } from "@holdpoint/protocol/gate";
import type { Authority } from "../../domain/identity/lease.js";
import { optionalTime } from "../time.js";

export function toWireAuthority(authority: Authority): WireAuthority {
  const { frozen, epoch, changedAt, changedBy, reason, eventId } = authority;
  return {
    frozen,
    epoch,
    ...optionalTime("changed_at", changedAt),
    ...(changedBy !== undefined && { changed_by: changedBy }),
    ...(reason !== undefined && { reason }),
    ...(eventId !== undefined && { receipt_id: receiptIdOf(eventId) }),
  };
}
