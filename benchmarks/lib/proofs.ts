import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
// Not part of the package's surface: what is measured here is one step of a call alone.
import { checkProof } from "../../packages/server/src/auth/proof.js";
import type { Row } from "./report.js";
import { quantile, round } from "./stats.js";

const PROOFS = 2_000;
const ROUNDS = 5;

export interface ProofKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The header of each of its proofs, encoded. */
  readonly header: string;
}

export function newProofKey(): ProofKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const header = encode({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
  return { privateKey, publicKey, header };
}

/** A proof (RFC 9449 §4.2), signed in one step: WebCrypto's promises would be part of the figure. */
export function prove(key: ProofKey, url: string, body: string, token?: string): string {
  const claims = {
    jti: randomUUID(),
    htm: "POST",
    htu: url,
    iat: Math.floor(Date.now() / 1_000),
    body_sha256: digest(body),
    ...(token !== undefined && { ath: digest(token) }),
  };
  const signed = `${key.header}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: key.privateKey, dsaEncoding });
  return `${signed}.${signature.toString("base64url")}`;
}

/** What checking a proof costs, apart from the store, beside its bare signature. */
export function measureProofs(): readonly Row[] {
  const key = newProofKey();
  const url = "http://localhost/v1/actions/open-ticket/execute";
  const token = "a-token";
  const tokenHash = digest(token);
  const proofs = Array.from({ length: PROOFS }, () => prove(key, url, "{}", token));
  const now = Date.now();
  const checks = measure(proofs, (text) => {
    checkProof({ text, method: "POST", urls: [url] }, { now, tokenHash });
  });
  const signatures = measure(proofs, (text) => {
    const end = text.lastIndexOf(".");
    const signature = Buffer.from(text.slice(end + 1), "base64url");
    const options = { key: key.publicKey, dsaEncoding } as const;
    if (!verify("sha256", Buffer.from(text.slice(0, end)), options, signature)) throw new Error();
  });
  return [
    {
      figure: "checking a proof, apart from the store",
      value: `${round(checks)} ms (its bare signature ${round(signatures)} ms)`,
      aim: "≤ 0.25 ms",
    },
  ];
}

/** Milliseconds each, the median of the rounds. */
function measure(proofs: readonly string[], check: (proof: string) => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (const proof of proofs) check(proof);
    return (performance.now() - started) / proofs.length;
  });
  return quantile(rounds, 0.5);
}

const dsaEncoding = "ieee-p1363";

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
