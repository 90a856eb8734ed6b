import type { WireSigningKey } from "@holdpoint/protocol";
import { verifierKeyOf } from "../../receipts/checkpoint.js";
import type { SigningKey } from "../../receipts/signing-key.js";
import { optionalTime } from "../time.js";

/** A signing key as a JWK. @param origin - The log's name. @see RFC 8037 §2 */
export function toWireSigningKey(key: SigningKey, origin: string): WireSigningKey {
  const { kid, purpose, publicKey, notBefore, notAfter } = key;
  return {
    kty: "OKP",
    crv: "Ed25519",
    alg: "EdDSA",
    use: "sig",
    key_ops: ["verify"],
    x: Buffer.from(publicKey).toString("base64url"),
    kid,
    holdpoint_purpose: purpose,
    ...optionalTime("holdpoint_not_before", notBefore),
    ...optionalTime("holdpoint_not_after", notAfter),
    ...(purpose === "log" && { holdpoint_vkey: verifierKeyOf(origin, publicKey) }),
  };
}
