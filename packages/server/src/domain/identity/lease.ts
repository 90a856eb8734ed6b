import type { WireActor } from "@holdpoint/protocol";

/** What all leases of a session share. Amounts are in minor units of `currency`. */
export interface GateSession {
  readonly id: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly epoch: number;
  readonly calls: number;
  readonly maxCalls?: number;
  readonly cost: number;
  readonly maxCost?: number;
  readonly currency?: string;
  readonly createdAt: number;
}

/** A right to call the gate, bound to a key. */
export interface Lease {
  readonly id: string;
  readonly session: GateSession;
  readonly credentialId: string;
  readonly keyThumbprint: string;
  readonly epoch: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The event of its issue. */
  readonly eventId: string;
  readonly revokedAt?: number;
  readonly revokedBy?: WireActor;
}

/** A lease with everything that its life hangs on, whatever its state. */
export interface StandingLease {
  readonly lease: Lease;
  readonly authority: Pick<Authority, "epoch" | "frozen">;
  /** Of the API key or agent identity it was issued to. Absent: there is none any more. */
  readonly credential?: { readonly expiresAt?: number; readonly revokedAt?: number };
}

/** Whether anything may run. Before the first freeze `epoch` is 0. */
export interface Authority {
  readonly projectId: string;
  readonly epoch: number;
  readonly frozen: boolean;
  readonly reason?: string;
  readonly changedAt?: number;
  readonly changedBy?: WireActor;
  readonly eventId?: string;
}

/**
 * Whether a lease can be used now. It is over with its own time, and as good as revoked once its
 * credential is, or once everything was frozen after it.
 */
export function leaseStatus(
  { lease, authority, credential }: StandingLease,
  now: number,
): "live" | "expired" | "revoked" {
  if (lease.revokedAt !== undefined || lease.epoch !== authority.epoch) return "revoked";
  if (credential === undefined || credential.revokedAt !== undefined) return "revoked";
  if ((credential.expiresAt ?? now + 1) <= now) return "revoked";
  return lease.expiresAt > now ? "live" : "expired";
}
