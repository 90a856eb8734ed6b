import { API_KEY_PREFIX, OPERATOR_TOKEN_PREFIX } from "@holdpoint/protocol";
import type { AgentCaller, Caller, OperatorCaller } from "../domain/caller.js";
import type { Clock } from "../domain/clock.js";
import { ProblemError } from "../domain/problem.js";
import type { Store } from "../store/store.js";
import { hashSecret } from "./secret.js";
import type { Sessions } from "./sessions.js";

export interface Authentication {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** What came with a call to tell who sends it. */
export interface PresentedCredentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The project an operator names. */
  readonly projectId: string | undefined;
}

/**
 * Finds out who is calling. A credential in `Authorization` is judged alone: a bad one is refused
 * even when a good cookie comes with it.
 *
 * @throws {ProblemError} `AUTHENTICATION_REQUIRED`: none came. `CREDENTIAL_INVALID`: unknown,
 *   revoked, expired or malformed, all in the same words.
 */
export async function authenticate(
  parts: Authentication,
  { authorization, cookie }: PresentedCredentials,
): Promise<Caller> {
  if (authorization === undefined) return authenticateSession(parts, cookie);
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token?.startsWith(OPERATOR_TOKEN_PREFIX)) return authenticateToken(parts, token);
  if (token?.startsWith(API_KEY_PREFIX)) return authenticateApiKey(parts, token);
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

/** When a credential was last used is a convenience: its failure fails nobody's call. */
function touch(written: Promise<void>): void {
  written.catch(() => {});
}

function credentialInvalid(): ProblemError {
  return new ProblemError({
    code: "CREDENTIAL_INVALID",
    detail:
      "Expected a live API key or operator token, got one that is unknown, revoked, expired or malformed. Make a new one.",
    headers: { "WWW-Authenticate": 'Bearer realm="holdpoint", error="invalid_token"' },
  });
}
