import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import { canonicalJson } from "@holdpoint/protocol";

/** What a key signs. Receipts, checkpoints and leases never share one. */
export const SIGNING_PURPOSES = ["receipt", "log", "lease"] as const;
export type SigningPurpose = (typeof SIGNING_PURPOSES)[number];

/** The public part of an Ed25519 key, and when it signs. Times are milliseconds since the epoch. */
export interface SigningKey {
  /** The key's RFC 7638 thumbprint. */
  readonly kid: string;
  readonly purpose: SigningPurpose;
  /** 32 bytes (RFC 8032 §5.1.5). */
  readonly publicKey: Uint8Array;
  /** Absent on the first key of its purpose. */
  readonly notBefore?: number;
  /** Once another key has taken its place. */
  readonly notAfter?: number;
}

/** An Ed25519 key about to be kept. */
export interface DrawnKey {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  /** The private part: 32 bytes. */
  readonly seed: Uint8Array;
}

/** Signs with one key. Synchronous, so that it fits inside a transaction. */
export interface Signer {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  /** 64 bytes (RFC 8032 §5.1.6). */
  sign(message: Uint8Array): Buffer;
}

export function drawSigningKey(): DrawnKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { x = "", d = "" } = privateKey.export({ format: "jwk" });
  return {
    kid: thumbprintOf(x),
    publicKey: Buffer.from(x, "base64url"),
    seed: Buffer.from(d, "base64url"),
  };
}

/** @param seed - The private part: 32 bytes. The public part must be its own. */
export function openSigner({ kid, publicKey, seed }: DrawnKey): Signer {
  const key = importKey(publicKey, seed);
  return { kid, publicKey, sign: (message) => sign(null, message, key) };
}

function importKey(publicKey: Uint8Array, seed: Uint8Array): KeyObject {
  const [x, d] = [publicKey, seed].map((part) => Buffer.from(part).toString("base64url"));
  return createPrivateKey({
    key: { kty: "OKP", crv: "Ed25519", x: x ?? "", d: d ?? "" },
    format: "jwk",
  });
}

/** RFC 7638 with SHA-256, of an Ed25519 key (RFC 8037 §2). */
function thumbprintOf(x: string): string {
  return hash("sha256", canonicalJson({ crv: "Ed25519", kty: "OKP", x }), "base64url");
}
