import { base64url, type CryptoKey, calculateJwkThumbprint } from "jose";
import { isBase64Url } from "./shape.js";

/** A 256-bit content key, ready to use. Made by {@link importEnvelopeKey}. */
export interface EnvelopeKey {
  /** RFC 7638 thumbprint of the key as a JWK; safe to show. */
  readonly keyId: string;
  readonly secret: CryptoKey;
}

/**
 * Reads a client encryption key.
 *
 * @param text - 32 bytes as base64url without padding: 43 characters.
 * @throws {TypeError} when it is anything else. The message never contains the key.
 */
export async function importEnvelopeKey(text: string): Promise<EnvelopeKey> {
  if (!isBase64Url(text, 43)) {
    throw new TypeError(
      `Expected an encryption key of 32 bytes as base64url (43 characters), got ${text.length} characters. Make one with: npx holdpoint keys encryption`,
    );
  }
  // A copy: WebCrypto takes bytes of a plain ArrayBuffer, and says so in the types of browsers.
  const bytes = new Uint8Array(base64url.decode(text));
  const keyId = await calculateJwkThumbprint({ kty: "oct", k: text }, "sha256");
  const secret = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return { keyId, secret };
}
