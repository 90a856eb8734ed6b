import type { JsonValue } from "@holdpoint/protocol";
import {
  ASSERTION_TYPE,
  BODY_DIGEST_CLAIM,
  digestText,
  PROOF_TYPE,
  type PublicP256Jwk,
  proofUrlOf,
} from "@holdpoint/protocol/gate";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { AgentPrivateJwk } from "../workspace/options.js";

const ALGORITHM = "ES256";
/** Seconds an assertion can be used: it goes out at once. */
const ASSERTION_SECONDS = 60;

/** A key to prove calls with. Its private part cannot leave this process. */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  readonly jwk: PublicP256Jwk;
}

export async function drawProofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: false });
  const { x = "", y = "" } = await exportJWK(publicKey);
  return { privateKey, jwk: { kty: "EC", crv: "P-256", x, y } };
}

/** What one proof is about. */
export interface ProvenCall {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  /** Digest of the lease it goes with. */
  readonly leaseDigest?: string | undefined;
  readonly nonce?: string | undefined;
  /** By the control plane's clock, as far as it is known. */
  readonly atMs: number;
}

/**
 * A proof that whoever sends a call has the key, for this call alone.
 *
 * @see RFC 9449 §4.2
 */
export async function signProof(key: ProofKey, call: ProvenCall): Promise<string> {
  const { body, leaseDigest, nonce } = call;
  const claims: Record<string, JsonValue> = {
    jti: crypto.randomUUID(),
    htm: call.method,
    htu: proofUrlOf(call.url),
    iat: Math.floor(call.atMs / 1_000),
  };
  if (body !== undefined) claims[BODY_DIGEST_CLAIM] = await digestText(body);
  if (leaseDigest !== undefined) claims.ath = leaseDigest;
  if (nonce !== undefined) claims.nonce = nonce;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: PROOF_TYPE, jwk: { ...key.jwk } })
    .sign(key.privateKey);
}

/** Says once that an agent with a key of its own is there, in place of an API key. */
export type Asserter = (url: string, atMs: number) => Promise<string>;

/** @see RFC 7523 §3 */
export async function createAsserter(agentId: string, jwk: AgentPrivateJwk): Promise<Asserter> {
  const { kty, crv, x, y, d } = jwk;
  const [privateKey, kid] = await Promise.all([
    crypto.subtle.importKey(
      "jwk",
      { kty, crv, x, y, d },
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["sign"],
    ),
    calculateJwkThumbprint({ kty, crv, x, y }),
  ]);
  return (url, atMs) => {
    const at = Math.floor(atMs / 1_000);
    return new SignJWT({ iss: agentId, sub: agentId, aud: new URL(url).origin })
      .setProtectedHeader({ alg: ALGORITHM, typ: ASSERTION_TYPE, kid })
      .setJti(crypto.randomUUID())
      .setIssuedAt(at)
      .setExpirationTime(at + ASSERTION_SECONDS)
      .sign(privateKey);
  };
}
