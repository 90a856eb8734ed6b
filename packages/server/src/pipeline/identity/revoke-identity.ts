import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import type { Mint } from "../../domain/mint.js";
import type { AgentIdentity } from "../../store/verbs/identities.js";

/**
 * Ends an agent's own key at once, and with it every lease that was got by it.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`.
 */
export async function revokeIdentity(
  { store, clock, credentialEpoch }: Context,
  { projectId, operator }: MemberCaller,
  identityId: string,
  mint: Mint,
): Promise<AgentIdentity> {
  const identity = await store.agentIdentities.revoke(projectId, identityId, {
    eventId: mint.id("evt"),
    at: clock.now(),
    actor: operatorActor(operator),
  });
  credentialEpoch.advance();
  return assertFound(identity, "an agent's key");
}
