import { type CryptoKey, calculateJwkThumbprint } from "jose";
import { isJsonObject, type JsonObject } from "../json.js";
import { decodeBase64Url, equalBytes } from "./bytes.js";
import { importVerifierKey, type NoteKey } from "./note.js";

/** A key that signs receipts. */
export interface ReceiptKey {
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly verifier: CryptoKey;
  /** Milliseconds since 1970; receipts dated later are refused. Absent: in use. */
  readonly notAfterMs: number | undefined;
}

/** Whom a verifier believes. Made by {@link importTrustedKeys} from a file it trusts. */
export interface TrustedKeys {
  readonly receipts: ReadonlyMap<string, ReceiptKey>;
  readonly logs: readonly NoteKey[];
}

/**
 * Reads the keys of a control plane, as `/.well-known/jwks.json` serves them. Keys of other kinds
 * and purposes are passed over (RFC 7517 §5).
 *
 * @throws {TypeError} when it is no JWK Set, holds a private key, a key under a foreign name, or
 *   none that signs receipts.
 */
export async function importTrustedKeys(jwks: unknown): Promise<TrustedKeys> {
  const receipts = new Map<string, ReceiptKey>();
  const logs: NoteKey[] = [];
  for (const jwk of listKeys(jwks)) {
    if (jwk.d !== undefined) throw new TypeError("Expected public keys only, got a private one.");
    if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519") continue;
    if (jwk.holdpoint_purpose === "receipt") {
      const key = await importReceiptKey(jwk);
      receipts.set(key.keyId, key);
    }
    if (jwk.holdpoint_purpose === "log") logs.push(await importLogKey(jwk));
  }
  if (receipts.size === 0) {
    throw new TypeError("Expected at least one Ed25519 key that signs receipts, got none.");
  }
  return { receipts, logs };
}

function listKeys(jwks: unknown): readonly JsonObject[] {
  const keys: unknown = isJsonObject(jwks) ? jwks.keys : undefined;
  if (Array.isArray(keys) && keys.every(isJsonObject)) return keys;
  throw new TypeError('Expected a JWK Set (RFC 7517 §5): {"keys": […]}.');
}

async function importReceiptKey(jwk: JsonObject): Promise<ReceiptKey> {
  const x = publicBytes(jwk);
  const keyId = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x: String(jwk.x) });
  if (jwk.kid !== keyId) {
    throw new TypeError("Expected every kid to be its key's thumbprint (RFC 7638).");
  }
  const verifier = await crypto.subtle.importKey("raw", x, "Ed25519", true, ["verify"]);
  return { keyId, verifier, notAfterMs: parseNotAfter(jwk.holdpoint_not_after) };
}

async function importLogKey(jwk: JsonObject): Promise<NoteKey> {
  const key = await importVerifierKey(String(jwk.holdpoint_vkey));
  if (!equalBytes(key.publicKey, publicBytes(jwk))) {
    throw new TypeError("Expected holdpoint_vkey to hold the same key as x.");
  }
  return key;
}

function publicBytes({ x }: JsonObject): Uint8Array<ArrayBuffer> {
  const bytes = typeof x === "string" ? decodeBase64Url(x) : undefined;
  if (bytes?.length !== 32) throw new TypeError("Expected x as 32 bytes of base64url.");
  return new Uint8Array(bytes);
}

function parseNotAfter(time: unknown): number | undefined {
  if (time === undefined) return undefined;
  const notAfterMs = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (Number.isFinite(notAfterMs)) return notAfterMs;
  throw new TypeError("Expected holdpoint_not_after as an ISO 8601 time.");
}
