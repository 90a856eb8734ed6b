import { LEASE_TYPE } from "@holdpoint/protocol/gate";
import type { Signer } from "../../receipts/signing-key.js";

/** What a lease says of itself to its holder's peers. Times are seconds since the epoch. */
export interface LeaseClaims {
  /** Who issued it, and for whom it is: the server's public address. */
  readonly iss: string;
  readonly aud: string;
  /** The agent. */
  readonly sub: string;
  readonly client_id: string;
  readonly scope: string;
  /** The lease. */
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** The RFC 7638 thumbprint of the key it is bound to (RFC 9449 §6.1). */
  readonly cnf: { readonly jkt: string };
}

/**
 * A lease as a JWT (RFC 9068). Put together here rather than by jose, which signs in promises: inside
 * a transaction nothing is awaited but its own queries. The tests verify it with jose.
 *
 * @see RFC 7515 §3.1, RFC 8037 §3.1 (EdDSA)
 */
export function signLease(signer: Signer, claims: LeaseClaims): string {
  const header = `{"alg":"EdDSA","kid":"${signer.kid}","typ":"${LEASE_TYPE}"}`;
  const signed = `${encode(header)}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${signer.sign(Buffer.from(signed, "ascii")).toString("base64url")}`;
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}
