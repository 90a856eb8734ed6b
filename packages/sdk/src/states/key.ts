import type { WireState } from "@holdpoint/protocol";
import { STATE_KEY_BYTES } from "@holdpoint/protocol/state";
import { DecryptionError, invalidResponse, isEnvelope } from "../core.js";
import type { ClientParts } from "../late.js";

/**
 * A state's key, opened with the client's where it is encrypted.
 *
 * @throws {DecryptionError} `STATE_KEY_MISSING`, `DECRYPTION_FAILED`, `PLAINTEXT_REFUSED`.
 * @throws {InvalidResponseError} `RESPONSE_INVALID`: no key.
 */
export async function openKey(
  { cipher }: ClientParts,
  { id, key }: Pick<WireState, "id" | "key">,
): Promise<Uint8Array> {
  const opened = await cipher
    .open({ id, encrypted: isEnvelope(key) }, key, "state")
    .catch((error: unknown) => {
      throw isMissing(error) ? keyMissing(id, error) : error;
    });
  const bytes = typeof opened === "string" ? decodeKey(opened) : undefined;
  if (bytes !== undefined) return bytes;
  throw invalidResponse(`Expected the key of ${id} as ${STATE_KEY_BYTES} bytes in base64url`);
}

function isMissing(error: unknown): boolean {
  return error instanceof DecryptionError && error.code === "DECRYPTION_KEY_MISSING";
}

function keyMissing(id: string, cause: unknown): DecryptionError {
  const message = `The state ${id} is encrypted with a key that is not set here. Set HOLDPOINT_ENCRYPTION_KEY to that of the process that parked it.`;
  return new DecryptionError({ code: "STATE_KEY_MISSING", message, cause });
}

/** As base64url without padding. */
export function encodeKey(key: Uint8Array): string {
  const text = btoa(String.fromCharCode(...key));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeKey(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text)) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
