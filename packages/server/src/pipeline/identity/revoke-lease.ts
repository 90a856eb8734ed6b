import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import type { StandingLease } from "../../domain/identity/lease.js";
import type { Mint } from "../../domain/mint.js";

/**
 * Ends one lease at once. The credential behind it can get another.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`.
 */
export async function revokeLease(
  { store, clock, credentialEpoch }: Context,
  { projectId, operator }: MemberCaller,
  leaseId: string,
  mint: Mint,
): Promise<StandingLease> {
  const lease = await store.leases.revoke(projectId, leaseId, {
    eventId: mint.id("evt"),
    at: clock.now(),
    actor: operatorActor(operator),
  });
  credentialEpoch.advance();
  return assertFound(lease, "a lease");
}
