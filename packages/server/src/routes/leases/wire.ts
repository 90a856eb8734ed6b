import { receiptIdOf } from "@holdpoint/protocol";
import type { WireIssuedLease, WireLease, WireLeaseBudget } from "@holdpoint/protocol/gate";
import type { GateSession, Lease, StandingLease } from "../../domain/identity/lease.js";
import { leaseStatus } from "../../domain/identity/lease.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireIssuedLease(lease: Lease, token: string): WireIssuedLease {
  const { session } = lease;
  return {
    id: lease.id,
    session_id: session.id,
    token_type: "DPoP",
    token,
    project_id: session.projectId,
    agent: session.agent,
    scopes: session.scopes,
    issued_at: wireTime(lease.issuedAt),
    expires_at: wireTime(lease.expiresAt),
    budget: toWireBudget(session),
  };
}

export function toWireLease(standing: StandingLease, now: number): WireLease {
  const { lease } = standing;
  const { session, revokedBy } = lease;
  return {
    id: lease.id,
    session_id: session.id,
    agent: session.agent,
    key_thumbprint: lease.keyThumbprint,
    scopes: session.scopes,
    status: leaseStatus(standing, now),
    issued_at: wireTime(lease.issuedAt),
    expires_at: wireTime(lease.expiresAt),
    ...optionalTime("revoked_at", lease.revokedAt),
    ...(revokedBy !== undefined && { revoked_by: revokedBy }),
    budget: toWireBudget(session),
    receipt_id: receiptIdOf(lease.eventId),
  };
}

function toWireBudget({ calls, maxCalls, cost, maxCost, currency }: GateSession): WireLeaseBudget {
  return {
    calls,
    ...(maxCalls !== undefined && { max_calls: maxCalls }),
    ...(currency !== undefined && { cost: { amount_minor: cost, currency } }),
    ...(maxCost !== undefined &&
      currency !== undefined && { max_cost: { amount_minor: maxCost, currency } }),
  };
}
