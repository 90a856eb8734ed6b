import { LIMITS } from "@holdpoint/protocol";
import type { createLeaseSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { P256Key } from "../../auth/jwk.js";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Lease } from "../../domain/identity/lease.js";
import { authorityFrozen } from "../../domain/identity/problem.js";
import { commonScopes, coversAll } from "../../domain/identity/scopes.js";
import type { Mint } from "../../domain/mint.js";
import { ProblemError } from "../../domain/problem.js";
import type { NewLease } from "../../store/verbs/leases.js";

export type LeaseInput = z.output<typeof createLeaseSchema>;

/**
 * Issues a lease bound to the key that the call proved, with a session of its own or as the next of
 * one there is. Its scopes are what the credential has, the agent may have, and the call asks for.
 *
 * @throws {ProblemError} `SCOPE_MISSING`: nothing of that is left; `AUTHORITY_FROZEN`;
 *   `RESOURCE_NOT_FOUND`: no session of this agent to go on with.
 */
export async function issueLease(
  context: Context,
  caller: AgentCaller,
  input: LeaseInput,
  key: P256Key,
  mint: Mint,
): Promise<{ readonly lease: Lease; readonly token: string }> {
  const allowed = await allowedScopes(context, caller);
  const session = await sessionOf(context, caller, input, allowed, mint);
  const ttlSeconds = input.ttl_seconds ?? LIMITS.defaultLeaseSeconds;
  const issued = await context.store.leases.issue({
    id: mint.id("lse"),
    eventId: mint.id("evt"),
    projectId: caller.projectId,
    agent: caller.agent,
    credentialId: caller.keyId,
    keyThumbprint: key.thumbprint,
    issuedAt: mint.now,
    // Its token tells whole seconds.
    expiresAt: Math.floor(mint.now / 1_000 + ttlSeconds) * 1_000,
    issuer: context.publicUrl(),
    session,
  });
  if (issued.outcome === "issued") return issued;
  throw issued.outcome === "frozen" ? authorityFrozen() : noSession();
}

async function allowedScopes(
  { store }: Context,
  { projectId, agent, scopes }: AgentCaller,
): Promise<readonly string[]> {
  const limits = await store.agentLimits.find(projectId, agent.id);
  return commonScopes(scopes, limits?.scopes ?? scopes);
}

async function sessionOf(
  { store }: Context,
  { projectId, agent }: AgentCaller,
  { session_id: sessionId, scopes: asked, max_calls: maxCalls, max_cost: maxCost }: LeaseInput,
  allowed: readonly string[],
  mint: Mint,
): Promise<NewLease["session"]> {
  if (sessionId !== undefined) {
    const session = await store.leases.findSession(projectId, agent.id, sessionId);
    if (session === undefined) throw noSession();
    if (!coversAll(allowed, session.scopes)) throw scopeMissing(session.scopes, allowed);
    return { continue: sessionId };
  }
  const scopes = asked === undefined ? allowed : commonScopes(allowed, asked);
  if (scopes.length === 0) throw scopeMissing(asked ?? [], allowed);
  return {
    id: mint.id("gss"),
    scopes,
    ...(maxCalls !== undefined && { maxCalls }),
    ...(maxCost !== undefined && { maxCost: maxCost.amount_minor, currency: maxCost.currency }),
  };
}

function scopeMissing(asked: readonly string[], allowed: readonly string[]): ProblemError {
  const listed = (scopes: readonly string[]) => scopes.join(", ") || "none";
  return new ProblemError({
    code: "SCOPE_MISSING",
    detail: `Expected scopes that this agent may have (${listed(allowed)}), got ${listed(asked)}. Begin a session with those, or ask an admin for more.`,
  });
}

function noSession(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail:
      "Expected the id of a session of this agent that no freeze has ended. Begin one: leave session_id out.",
  });
}
