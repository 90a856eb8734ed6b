import type { JsonValue } from "@holdpoint/protocol";
import { canonicalJson, formatId } from "../core.js";
import type { ClientParts } from "../late.js";

const encoder = new TextEncoder();

/** Both sides of the SHA-256 forms below have to be cut alike: 128 bits make an id. */
const ID_BYTES = 16;

/**
 * The request ids that `subject` stands for: the one to make first, then those that older
 * encryption keys would have made, to be looked for.
 *
 * With an encryption key an id is an HMAC, so it tells nothing of the arguments inside it to those
 * who cannot read them either. Without one it is a plain hash.
 */
export async function deriveRequestIds(
  parts: ClientParts,
  subject: JsonValue,
): Promise<readonly [string, ...string[]]> {
  const tagged = ["holdpoint.request-id.v1", parts.options.projectId, subject];
  const digests = await digestUnderKeys(parts, "holdpoint.request-id.v1", tagged);
  const [newest, ...older] = digests.map((digest) => formatId("req", digest.slice(0, ID_BYTES)));
  return [newest as string, ...older];
}

/** What the server may know of a witness, under each key; compared, never opened. */
export async function digestWitness(
  parts: ClientParts,
  requestId: string,
  witness: JsonValue,
): Promise<readonly string[]> {
  // Without a key the wire's plain form: sha256 of the canonical value.
  const value = parts.cipher.enabled ? ["holdpoint.witness.v1", requestId, witness] : witness;
  const digests = await digestUnderKeys(parts, "holdpoint.witness.v1", value);
  return digests.map((digest) => `sha256:${toHex(digest)}`);
}

/** One digest for each encryption key, the first for the key that writes; one plain digest without. */
async function digestUnderKeys(
  { options }: ClientParts,
  purpose: string,
  value: JsonValue,
): Promise<Uint8Array[]> {
  const text = encoder.encode(canonicalJson(value));
  const { encryptionKeys } = options;
  if (encryptionKeys.length === 0) {
    return [new Uint8Array(await crypto.subtle.digest("SHA-256", text))];
  }
  return Promise.all(
    encryptionKeys.map(async (key) => {
      const mac = await deriveMacKey(key, purpose);
      return new Uint8Array(await crypto.subtle.sign("HMAC", mac, text));
    }),
  );
}

/**
 * A key of its own for each purpose, so that the encryption key itself is used for one thing only.
 *
 * @see RFC 5869 (HKDF)
 */
async function deriveMacKey(encryptionKey: string, purpose: string) {
  const secret = await crypto.subtle.importKey("raw", decodeKey(encryptionKey), "HKDF", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(purpose) },
    secret,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
}

function decodeKey(key: string): Uint8Array<ArrayBuffer> {
  const binary = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
