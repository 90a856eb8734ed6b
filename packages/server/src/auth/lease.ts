import { hash } from "node:crypto";
import type { AgentCaller } from "../domain/caller.js";
import type { StandingLease } from "../domain/identity/lease.js";
import { leaseStatus } from "../domain/identity/lease.js";
import {
  leaseExpired,
  leaseInvalid,
  proofInvalid,
  replayDetected,
} from "../domain/identity/problem.js";
import type { Authentication } from "./authenticate.js";
import type { ProvenLease } from "./lease-tokens.js";
import { checkProof, type PresentedProof, type Proof } from "./proof.js";

/**
 * Who calls with a lease and a proof by its key. The lease is looked up and the proof remembered at
 * the same time, once both signatures are known to be good.
 *
 * @throws {ProblemError} `LEASE_INVALID`, `LEASE_EXPIRED`, `PROOF_INVALID`, `PROOF_NONCE_REQUIRED`,
 *   `REPLAY_DETECTED`.
 */
export async function authenticateLease(
  parts: Authentication,
  token: string,
  presented: PresentedProof,
): Promise<{ readonly caller: AgentCaller; readonly proof: Proof }> {
  const { store, clock, leaseTokens, proofNonces: nonces } = parts;
  const tokenHash = hash("sha256", token, "base64url");
  const proven = await leaseTokens.verify(token, tokenHash);
  const proof = checkProof(presented, { now: clock.now(), tokenHash, nonces });
  if (proof.key.thumbprint !== proven.keyThumbprint) {
    throw proofInvalid(
      "Expected a proof by the key that the lease is bound to, got another key's.",
    );
  }
  const [standing, isNew] = await Promise.all([
    store.leases.find(proven.leaseId),
    store.proofs.remember(proof.id, proof.forgetAt),
  ]);
  const caller = callerOf(assertLive(standing, proven, clock.now()));
  if (!isNew) throw replayDetected();
  return { caller, proof };
}

/**
 * The same for a call that was let in before and is still held: its proof was taken then.
 *
 * @throws {ProblemError} `LEASE_INVALID`, `LEASE_EXPIRED`.
 */
export async function authenticateLeaseAgain(
  { store, clock, leaseTokens }: Authentication,
  token: string,
): Promise<AgentCaller> {
  const proven = await leaseTokens.verify(token, hash("sha256", token, "base64url"));
  return callerOf(assertLive(await store.leases.find(proven.leaseId), proven, clock.now()));
}

/** What the token says has to be what is on record: the row is what counts. */
function assertLive(
  standing: StandingLease | undefined,
  proven: ProvenLease,
  now: number,
): StandingLease {
  if (standing?.lease.keyThumbprint !== proven.keyThumbprint) throw leaseInvalid();
  const status = leaseStatus(standing, now);
  if (status === "revoked") throw leaseInvalid();
  if (status === "expired") throw leaseExpired();
  return standing;
}

function callerOf({ lease }: StandingLease): AgentCaller {
  const { id, session, epoch, expiresAt, keyThumbprint } = lease;
  return {
    type: "agent",
    keyId: id,
    projectId: session.projectId,
    agent: session.agent,
    scopes: session.scopes,
    lease: { id, sessionId: session.id, epoch, expiresAt, keyThumbprint },
  };
}
