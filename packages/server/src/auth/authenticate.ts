import { API_KEY_PREFIX, OPERATOR_TOKEN_PREFIX } from "@holdpoint/protocol";
import type { AgentCaller, Caller, OperatorCaller } from "../domain/caller.js";
import type { Clock } from "../domain/clock.js";
import { ProblemError } from "../domain/problem.js";
import type { Metrics } from "../http/metrics.js";
import type { Store } from "../store/store.js";
import { authenticateAssertion, looksLikeAssertion } from "./assertion.js";
import { credentialInvalid, touch } from "./credential.js";
import { authenticateLease, authenticateLeaseAgain } from "./lease.js";
import type { LeaseTokens } from "./lease-tokens.js";
import type { ProofNonces } from "./nonces.js";
import type { PresentedProof, Proof } from "./proof.js";
import { hashSecret } from "./secret.js";
import type { Sessions } from "./sessions.js";

export interface Authentication {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly leaseTokens: LeaseTokens;
  /** Where proofs have to carry the server's own nonces. */
  readonly proofNonces: ProofNonces | undefined;
  readonly metrics: Pick<Metrics, "timeGateStep">;
}

/** What came with a call to tell who sends it. */
export interface PresentedCredentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The project an operator names. */
  readonly projectId: string | undefined;
  readonly proof: PresentedProof;
  /** Every origin the server knows itself by where the call came in. */
  readonly origins: readonly string[];
}

/** Who calls, and what it proved of a key of its own. */
export interface Authenticated {
  readonly caller: Caller;
  readonly proof?: Proof;
}

/**
 * Finds out who is calling. A credential in `Authorization` is judged alone: a bad one is refused
 * even when a good cookie comes with it.
 *
 * @throws {ProblemError} `AUTHENTICATION_REQUIRED`: none came. `CREDENTIAL_INVALID`: unknown,
 *   revoked, expired or malformed, all in the same words. With a lease what {@link authenticateLease}
 *   throws.
 */
export async function authenticate(
  parts: Authentication,
  presented: PresentedCredentials,
): Promise<Authenticated> {
  const lease = leaseOf(presented);
  if (lease !== undefined) {
    const identify = () => authenticateLease(parts, lease, presented.proof);
    return parts.metrics.timeGateStep("identify", identify);
  }
  return { caller: await authenticateBearer(parts, presented) };
}

/**
 * Finds out again who is calling, for a call that was let in before and is still held: what it proved
 * by a proof it need not prove again.
 */
export async function authenticateAgain(
  parts: Authentication,
  presented: PresentedCredentials,
): Promise<Caller> {
  const lease = leaseOf(presented);
  if (lease !== undefined) return authenticateLeaseAgain(parts, lease);
  return authenticateBearer(parts, presented);
}

function leaseOf({ authorization }: PresentedCredentials): string | undefined {
  return /^DPoP +(\S+)$/i.exec(authorization ?? "")?.[1];
}

async function authenticateBearer(
  parts: Authentication,
  { authorization, cookie, origins }: PresentedCredentials,
): Promise<Caller> {
  if (authorization === undefined) return authenticateSession(parts, cookie);
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token?.startsWith(OPERATOR_TOKEN_PREFIX)) return authenticateToken(parts, token);
  if (token?.startsWith(API_KEY_PREFIX)) return authenticateApiKey(parts, token);
  if (token !== undefined && looksLikeAssertion(token)) {
    return authenticateAssertion(parts, token, origins);
  }
  throw credentialInvalid();
}

async function authenticateApiKey(parts: Authentication, text: string): Promise<AgentCaller> {
  const { store, clock } = parts;
  const key = await store.apiKeys.findByHash(hashSecret(text));
  if (key === undefined || !isLive(key, clock.now())) throw credentialInvalid();
  touch(store.apiKeys.touch(key.id, clock.now()));
  const { id: keyId, projectId, agent, scopes } = key;
  return { type: "agent", keyId, projectId, agent, scopes };
}

async function authenticateToken(parts: Authentication, text: string): Promise<OperatorCaller> {
  const { store, clock } = parts;
  const token = await store.operatorTokens.findByHash(hashSecret(text));
  if (token === undefined || !isLive(token, clock.now())) throw credentialInvalid();
  const caller = await loadOperator(parts, token.operatorId, "token");
  const projects = caller.projects.filter(({ project }) => project.id === token.projectId);
  if (projects.length === 0) throw credentialInvalid();
  touch(store.operatorTokens.touch(token.id, clock.now()));
  return { ...caller, projects };
}

async function authenticateSession(
  parts: Authentication,
  cookie: string | undefined,
): Promise<OperatorCaller> {
  const operatorId = await parts.sessions.findOperatorId(cookie);
  if (operatorId === undefined) {
    throw new ProblemError({
      code: "AUTHENTICATION_REQUIRED",
      detail:
        "Expected an API key (Authorization: Bearer hp_…), an operator token (Bearer hpo_…) or a signed-in session, got none.",
      headers: { "WWW-Authenticate": 'Bearer realm="holdpoint"' },
    });
  }
  return loadOperator(parts, operatorId, "session");
}

async function loadOperator(
  { store }: Authentication,
  operatorId: string,
  via: OperatorCaller["via"],
): Promise<OperatorCaller> {
  const operator = await store.operators.find(operatorId);
  if (operator === undefined) throw credentialInvalid();
  const memberships = await store.operators.listMemberships(operatorId);
  const projects = memberships.map(({ project, roles }) => ({ project, roles }));
  return { type: "operator", via, operator, projects };
}

function isLive(
  credential: { readonly expiresAt?: number; readonly revokedAt?: number },
  now: number,
): boolean {
  return credential.revokedAt === undefined && (credential.expiresAt ?? now + 1) > now;
}
