import { hash } from "node:crypto";
import { isId, LIMITS } from "@holdpoint/protocol";
import { ASSERTION_TYPE } from "@holdpoint/protocol/gate";
import type { AgentCaller } from "../domain/caller.js";
import { replayDetected } from "../domain/identity/problem.js";
import type { AgentIdentity } from "../store/verbs/identities.js";
import type { Authentication } from "./authenticate.js";
import { credentialInvalid, touch } from "./credential.js";
import { openP256, signsEs256 } from "./jwk.js";
import { type Jws, readJws } from "./jws.js";

/** How long an assertion may be good for, in seconds. */
const MAX_SECONDS = 60;

/** Whether a bearer token is meant as one: a JWS, whoever may have signed it. */
export function looksLikeAssertion(token: string): boolean {
  return token.split(".").length === 3;
}

/**
 * Who authenticates by a key of its own, which an admin has let enrol.
 *
 * @param origins - Every one the server knows itself by.
 * @throws {ProblemError} `CREDENTIAL_INVALID`; `REPLAY_DETECTED`: it was used before.
 * @see RFC 7523 §3, with the type of its revision (RFC 7523 bis)
 */
export async function authenticateAssertion(
  { store, clock }: Authentication,
  token: string,
  origins: readonly string[],
): Promise<AgentCaller> {
  const now = clock.now();
  const jws = readJws(token);
  const { typ, alg, kid } = jws?.header ?? {};
  if (jws === undefined || typ !== ASSERTION_TYPE || alg !== "ES256" || typeof kid !== "string") {
    throw credentialInvalid();
  }
  const identity = await store.agentIdentities.findByThumbprint(kid);
  if (identity === undefined || identity.revokedAt !== undefined) throw credentialInvalid();
  const key = openP256(identity.publicKey);
  if (key === undefined || !signsEs256(key, jws)) throw credentialInvalid();
  if (!speaksFor(identity, jws.payload, origins) || !isTimely(jws.payload, now)) {
    throw credentialInvalid();
  }
  const id = hash("sha256", JSON.stringify([ASSERTION_TYPE, kid, jws.payload.jti]), "base64url");
  const isNew = await store.proofs.remember(id, now + LIMITS.proofMemoryMs);
  if (!isNew) throw replayDetected();
  touch(store.agentIdentities.touch(identity.id, now));
  const { projectId, agent, scopes } = identity;
  return { type: "agent", keyId: identity.id, projectId, agent, scopes };
}

/** A key of the agent's own is good for one thing: to get leases with. */
export function isOwnKey({ keyId }: AgentCaller): boolean {
  return isId("agentIdentity", keyId);
}

function speaksFor(
  { agent }: AgentIdentity,
  { iss, sub, aud, jti }: Jws["payload"],
  origins: readonly string[],
): boolean {
  const isForUs = typeof aud === "string" && origins.includes(aud.replace(/\/$/, ""));
  const isNamed = typeof jti === "string" && jti.length > 0;
  return iss === agent.id && sub === agent.id && isForUs && isNamed;
}

function isTimely({ iat, exp }: Jws["payload"], now: number): boolean {
  if (typeof iat !== "number" || typeof exp !== "number") return false;
  const isAhead = iat * 1_000 > now + LIMITS.proofAheadSeconds * 1_000;
  return !isAhead && exp - iat <= MAX_SECONDS && exp > iat && exp * 1_000 > now;
}
