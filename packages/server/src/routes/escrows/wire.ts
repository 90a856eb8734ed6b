import type { JsonValue } from "@holdpoint/protocol";
import type { WireEscrow } from "@holdpoint/protocol/escrow";
import type { WirePurchaseDetails } from "@holdpoint/protocol/spend";
import { type Escrow, statusOf } from "../../domain/escrow.js";
import { detailsOf } from "../../domain/spend/payload.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireEscrow(escrow: Escrow, publicUrl: string): WireEscrow {
  const { purchase, dispute, parentId, result } = escrow;
  const { request, terms } = purchase;
  return {
    id: escrow.id,
    project_id: escrow.projectId,
    request_id: request.id,
    status: statusOf(escrow),
    payer: escrow.payer,
    payee: escrow.payee,
    amount: { amount_minor: terms.amountMinor, currency: terms.currency },
    category: terms.category,
    ...wireDetailsOf(request),
    encrypted: request.encrypted,
    fulfil_by: wireTime(escrow.fulfilBy),
    release_by: wireTime(escrow.releaseBy),
    ...(parentId !== undefined && { parent_escrow_id: parentId }),
    root_escrow_id: escrow.rootId,
    ...(result !== undefined && { result }),
    ...(dispute !== undefined && { dispute: wireDisputeOf(dispute) }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...optionalTime("contents_deleted_at", request.contentsDeletedAt),
    created_at: wireTime(escrow.createdAt),
    ...optionalTime("fulfilled_at", escrow.fulfilledAt),
    ...optionalTime("ended_at", escrow.endedAt),
    envelope: {
      version: 1,
      escrow_id: escrow.id,
      steps: escrow.steps,
      keys: escrow.attestations,
    },
    url: `${publicUrl}/requests/${dispute?.requestId ?? request.id}`,
  };
}

/** The terms, as the agent sent them. */
function wireDetailsOf({ encrypted, payload }: Escrow["purchase"]["request"]) {
  if (payload === undefined) return {};
  if (encrypted) return { details: payload as WirePurchaseDetails };
  const details = detailsOf(payload as JsonValue);
  return details === undefined ? {} : { details };
}

function wireDisputeOf({ by, reason, requestId }: NonNullable<Escrow["dispute"]>) {
  return { by, ...(reason !== undefined && { reason }), request_id: requestId };
}
