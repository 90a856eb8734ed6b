import { hash } from "node:crypto";
import { LIMITS } from "@holdpoint/protocol";
import { BODY_DIGEST_CLAIM, PROOF_TYPE, proofUrlOf } from "@holdpoint/protocol/gate";
import { proofInvalid, proofNonceRequired } from "../domain/identity/problem.js";
import { openP256, type P256Key, signsEs256 } from "./jwk.js";
import { type Jws, readJws } from "./jws.js";
import type { ProofNonces } from "./nonces.js";

/** What the `DPoP` header of a call carried, and what that call was. */
export interface PresentedProof {
  readonly text: string | undefined;
  readonly method: string;
  /** The call's own URL by each name the server knows itself by. Never by the `Host` header. */
  readonly urls: readonly string[];
}

/** What a proof is held against. */
export interface ExpectedProof {
  readonly now: number;
  /** SHA-256, base64url, of the token that comes with it. Absent where none does. */
  readonly tokenHash?: string;
  /** Where the server's own nonces are due. */
  readonly nonces?: ProofNonces | undefined;
}

/** A proof that was checked, but for its body and for having been taken before. */
export interface Proof {
  readonly key: P256Key;
  /** The same for the same key and `jti`. */
  readonly id: string;
  /** When it need not be remembered any more. */
  readonly forgetAt: number;
  /** SHA-256, base64url, of the body it was made for. */
  readonly bodyDigest?: string;
}

/** Longer names than anybody needs to tell proofs apart. */
const MAX_JTI_LENGTH = 256;

/**
 * Checks a proof of possession.
 *
 * @throws {ProblemError} `PROOF_INVALID`, `PROOF_NONCE_REQUIRED`.
 * @see RFC 9449 §4.3
 */
export function checkProof(presented: PresentedProof, expected: ExpectedProof): Proof {
  const { jws, key } = openProof(presented.text);
  const { payload } = jws;
  assertForCall(payload, presented);
  assertTimely(payload, expected.now);
  if (expected.tokenHash !== undefined && payload.ath !== expected.tokenHash) {
    throw proofInvalid("Expected ath to be the SHA-256 of the lease it comes with, got another.");
  }
  if (expected.nonces?.accepts(payload.nonce, expected.now) === false) {
    throw proofNonceRequired(expected.nonces.current(expected.now));
  }
  const bodyDigest = payload[BODY_DIGEST_CLAIM];
  return {
    key,
    id: hash("sha256", JSON.stringify([key.thumbprint, readJti(payload)]), "base64url"),
    forgetAt: expected.now + LIMITS.proofMemoryMs,
    ...(typeof bodyDigest === "string" && { bodyDigest }),
  };
}

/**
 * Holds the body of a call against its proof, which RFC 9449 leaves out.
 *
 * @throws {ProblemError} `PROOF_INVALID`.
 */
export function assertBodyProven(
  body: Uint8Array,
  { bodyDigest }: Pick<Proof, "bodyDigest">,
): void {
  if (body.byteLength === 0 && bodyDigest === undefined) return;
  if (hash("sha256", body, "base64url") === bodyDigest) return;
  throw proofInvalid(
    `Expected ${BODY_DIGEST_CLAIM} to be the SHA-256 of the body as base64url, got ${bodyDigest === undefined ? "none" : "another"}.`,
  );
}

function openProof(text: string | undefined): { readonly jws: Jws; readonly key: P256Key } {
  if (text === undefined) throw proofInvalid("Expected a proof in the header DPoP, got none.");
  const jws = readJws(text);
  if (jws === undefined) throw proofInvalid("Expected one proof as a compact JWS, got other text.");
  const { typ, alg, jwk } = jws.header;
  if (typ !== PROOF_TYPE) throw proofInvalid(`Expected the typ ${PROOF_TYPE}, got another.`);
  if (alg !== "ES256") throw proofInvalid("Expected the alg ES256, got another.");
  const key = openP256(jwk);
  if (key === undefined) {
    throw proofInvalid("Expected jwk to be a public P-256 key and nothing private, got another.");
  }
  if (!signsEs256(key, jws)) throw proofInvalid("Expected a signature by its jwk, got another.");
  return { jws, key };
}

function assertForCall({ htm, htu }: Jws["payload"], { method, urls }: PresentedProof): void {
  if (htm !== method) throw proofInvalid("Expected htm to be the method of the call, got another.");
  if (typeof htu !== "string" || !URL.canParse(htu) || !urls.includes(proofUrlOf(htu))) {
    throw proofInvalid(
      "Expected htu to be the URL of the call, at an address that the server knows as its own, got another.",
    );
  }
}

function assertTimely({ iat }: Jws["payload"], now: number): void {
  const issuedAt = typeof iat === "number" ? iat * 1_000 : Number.NaN;
  if (issuedAt < now - LIMITS.proofAgeSeconds * 1_000) {
    throw proofInvalid(
      `Expected a proof of at most ${LIMITS.proofAgeSeconds} s ago, got an older.`,
    );
  }
  if (!(issuedAt <= now + LIMITS.proofAheadSeconds * 1_000)) {
    throw proofInvalid("Expected iat to be now by the server's clock, got a later time or none.");
  }
}

function readJti({ jti }: Jws["payload"]): string {
  if (typeof jti === "string" && jti.length > 0 && jti.length <= MAX_JTI_LENGTH) return jti;
  throw proofInvalid(`Expected jti to be text of 1 to ${MAX_JTI_LENGTH} characters.`);
}
