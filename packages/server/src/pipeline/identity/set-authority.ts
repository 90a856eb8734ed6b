import type { setAuthoritySchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import type { Authority } from "../../domain/identity/lease.js";
import type { Mint } from "../../domain/mint.js";
import { assertAdmin } from "../../domain/roles.js";

/**
 * Freezes all authority of a project at once, or lets new authority be given. Nothing that was approved
 * or leased before a freeze runs after it is answered, nor once it is thawed.
 *
 * @throws {ProblemError} `ROLE_REQUIRED`: everybody may freeze, only an admin may thaw.
 */
export async function setAuthority(
  { store, clock, credentialEpoch }: Context,
  caller: MemberCaller,
  { frozen, reason }: z.output<typeof setAuthoritySchema>,
  mint: Mint,
): Promise<Authority> {
  if (!frozen) assertAdmin(caller);
  const authority = await store.authority.set({
    projectId: caller.projectId,
    frozen,
    ...(reason !== undefined && { reason }),
    eventId: mint.id("evt"),
    at: clock.now(),
    actor: operatorActor(caller.operator),
  });
  credentialEpoch.advance();
  return authority;
}
