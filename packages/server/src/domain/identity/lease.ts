import type { StandingLease } from "../../store/verbs/leases.js";

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
