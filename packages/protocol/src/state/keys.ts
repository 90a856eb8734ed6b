import type { CryptoKey } from "jose";
import { FIELDS_BYTES, requireBytes, STATE_KEY_BYTES, type StateHeader } from "./header.js";

const encoder = new TextEncoder();

/** What a state's key gives for one header. */
export interface StateKeys {
  readonly segments: CryptoKey;
  /** Shows that key and header belong together; also commits to the key, which GCM does not. */
  readonly headerTag: Uint8Array;
}

/**
 * Derives both with HKDF-SHA-256 (RFC 5869): input the state's key, salt the header's, info a label
 * and the header's fields. So a key serves one header only, with every byte of it.
 *
 * @param fields - The header without its tag.
 */
export async function deriveKeys(
  key: Uint8Array,
  { salt }: Pick<StateHeader, "salt">,
  fields: Uint8Array,
): Promise<StateKeys> {
  const input = requireBytes("key", key, STATE_KEY_BYTES);
  const base = await crypto.subtle.importKey("raw", input, "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const hkdf = (label: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt,
    info: infoOf(label, fields),
  });
  const [segments, headerTag] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf("holdpoint.state.v1.segments"),
      base,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt", "decrypt"],
    ),
    crypto.subtle.deriveBits(hkdf("holdpoint.state.v1.header"), base, 256),
  ]);
  return { segments, headerTag: new Uint8Array(headerTag) };
}

/** The fields have one length, so no two pairs of label and fields give the same bytes. */
function infoOf(label: string, fields: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = encoder.encode(label);
  const info = new Uint8Array(prefix.length + FIELDS_BYTES);
  info.set(prefix);
  info.set(fields, prefix.length);
  return info;
}

/** The nonce of one segment: prefix, counter (32 bits), and whether it is the last. */
export function nonceOf(
  noncePrefix: Uint8Array,
  counter: number,
  isLast: boolean,
): Uint8Array<ArrayBuffer> {
  if (counter > 0xffff_ffff) throw new RangeError("Expected at most 2³² segments in one state.");
  const nonce = new Uint8Array(12);
  nonce.set(noncePrefix);
  new DataView(nonce.buffer).setUint32(noncePrefix.length, counter);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Compares without telling by its time where the difference is. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < left.length; index++) {
    difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  }
  return difference === 0;
}
