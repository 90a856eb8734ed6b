import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { LEASE_TYPE } from "@holdpoint/protocol/gate";
import type { Clock } from "../domain/clock.js";
import { leaseExpired, leaseInvalid } from "../domain/identity/problem.js";
import { LruCache } from "../domain/lru-cache.js";
import type { SigningKey } from "../receipts/signing-key.js";
import type { Store } from "../store/store.js";
import { type Jws, readJws } from "./jws.js";

/** What the token of a lease proves by its signature alone. Times are milliseconds since the epoch. */
export interface ProvenLease {
  readonly issuer: string;
  readonly leaseId: string;
  readonly keyThumbprint: string;
  readonly expiresAt: number;
}

export interface LeaseTokens {
  /**
   * @param tokenHash - SHA-256 of the token, base64url.
   * @throws {ProblemError} `LEASE_INVALID`, `LEASE_EXPIRED`.
   */
  verify(token: string, tokenHash: string): Promise<ProvenLease>;
}

/** Tokens whose signature need not be verified again: each is some hundred bytes, by its hash. */
const REMEMBERED_TOKENS = 10_000;
/** How long the public keys are taken for all there are, in milliseconds: as long as the key ring. */
const FRESH_MS = 10_000;

type VerifyingKey = Pick<SigningKey, "notAfter"> & { readonly key: KeyObject };

/**
 * Verifies leases of this server (RFC 9068 §4). A signature is checked once per token; whose lease it
 * is, until when and for which server is looked at each time.
 */
export function createLeaseTokens(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly publicUrl: () => string;
}): LeaseTokens {
  const { store, clock, publicUrl } = parts;
  const proven = new LruCache<ProvenLease>(REMEMBERED_TOKENS);
  let keys = new Map<string, VerifyingKey>();
  let readAt = Number.NEGATIVE_INFINITY;

  async function findKey(kid: string): Promise<VerifyingKey | undefined> {
    const now = clock.now();
    if (Math.abs(now - readAt) >= FRESH_MS || !keys.has(kid)) {
      const listed = await store.signingKeys.list();
      keys = new Map(listed.filter(isForLeases).map((key) => [key.kid, toVerifyingKey(key)]));
      readAt = now;
    }
    return keys.get(kid);
  }

  async function prove(token: string): Promise<ProvenLease> {
    const jws = readJws(token);
    const { typ, alg, kid } = jws?.header ?? {};
    if (jws === undefined || typ !== LEASE_TYPE || alg !== "EdDSA" || typeof kid !== "string") {
      throw leaseInvalid();
    }
    const signer = await findKey(kid);
    if (signer === undefined || !verify(null, jws.signed, signer.key, jws.signature)) {
      throw leaseInvalid();
    }
    return readClaims(jws.payload, signer.notAfter);
  }

  return {
    async verify(token, tokenHash) {
      const known = proven.get(tokenHash);
      const lease = known ?? (await prove(token));
      if (known === undefined) proven.set(tokenHash, lease);
      if (lease.issuer !== publicUrl()) throw leaseInvalid();
      if (lease.expiresAt <= clock.now()) throw leaseExpired();
      return lease;
    },
  };
}

function isForLeases({ purpose }: SigningKey): boolean {
  return purpose === "lease";
}

function toVerifyingKey({ publicKey, notAfter }: SigningKey): VerifyingKey {
  const x = Buffer.from(publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { key, ...(notAfter !== undefined && { notAfter }) };
}

/** @param notAfter - When its key signed no more: what was signed before stays good. */
function readClaims(
  { iss, aud, jti, iat, exp, cnf }: Jws["payload"],
  notAfter = Number.POSITIVE_INFINITY,
): ProvenLease {
  const jkt = typeof cnf === "object" && cnf !== null && "jkt" in cnf ? cnf.jkt : undefined;
  if (
    typeof iss !== "string" ||
    aud !== iss ||
    typeof jti !== "string" ||
    typeof jkt !== "string" ||
    typeof iat !== "number" ||
    typeof exp !== "number" ||
    iat * 1_000 > notAfter
  ) {
    throw leaseInvalid();
  }
  return { issuer: iss, leaseId: jti, keyThumbprint: jkt, expiresAt: exp * 1_000 };
}
