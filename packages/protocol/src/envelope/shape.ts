/**
 * The field of a request an envelope was made for. `result`, `error` and `evidence` are those of its
 * execution; `witness` says what changed when it was asked again. `state` is the key of a parked
 * state, and `record` the value of a record: they belong to no request.
 */
export const ENVELOPE_FIELDS = [
  "payload",
  "patch",
  "result",
  "error",
  "evidence",
  "witness",
  "state",
  "record",
] as const;
export type EnvelopeField = (typeof ENVELOPE_FIELDS)[number];

/** What an envelope is bound to. Opening it anywhere else fails. */
export interface EnvelopeBinding {
  readonly projectId: string;
  /** With the field `state` the state's id, with `record` the record's key. */
  readonly requestId: string;
  readonly field: EnvelopeField;
}

/**
 * Ciphertext on the wire: a flattened JWE with `alg: dir`, `enc: A256GCM` and the key's RFC 7638
 * thumbprint as `kid`. `aad` spells out the binding.
 *
 * @see RFC 7516 §7.2.2
 */
export interface Envelope {
  readonly protected: string;
  readonly aad: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

const MEMBERS = ["aad", "ciphertext", "iv", "protected", "tag"];

/** Tells whether a value has exactly the members of an envelope. Says nothing of what is inside. */
export function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length === MEMBERS.length &&
    entries.every(([key, item]) => MEMBERS.includes(key) && typeof item === "string")
  );
}

/** The additional authenticated data for a binding: a JSON array, so no two bindings are alike. */
export function bindingText({ projectId, requestId, field }: EnvelopeBinding): string {
  return JSON.stringify(["holdpoint.envelope.v1", projectId, requestId, field]);
}

export type EnvelopeFault = "not_an_envelope" | "bad_header" | "bad_binding" | "bad_bytes";

/**
 * Checks an envelope as far as one can without its key.
 *
 * @returns The key id (`kid`), or the reason word of what is wrong.
 */
export function inspectEnvelope(
  value: unknown,
  binding: EnvelopeBinding,
):
  | { readonly ok: true; readonly keyId: string }
  | { readonly ok: false; readonly fault: EnvelopeFault } {
  if (!isEnvelope(value)) return { ok: false, fault: "not_an_envelope" };
  const keyId = readKeyId(value.protected);
  if (keyId === undefined) return { ok: false, fault: "bad_header" };
  if (value.aad !== encodeText(bindingText(binding))) return { ok: false, fault: "bad_binding" };
  // A 96-bit IV is 16 base64url characters, a 128-bit tag 22. No JSON text is empty.
  const wellFormed =
    isBase64Url(value.iv, 16) &&
    isBase64Url(value.tag, 22) &&
    isBase64Url(value.ciphertext) &&
    value.ciphertext !== "";
  return wellFormed ? { ok: true, keyId } : { ok: false, fault: "bad_bytes" };
}

/**
 * Tells whether `text` is the one base64url writing of some bytes: no padding, no spaces, and no
 * bits left over, so that a changed last character is noticed.
 */
export function isBase64Url(text: string, length?: number): boolean {
  if (length !== undefined && text.length !== length) return false;
  // One pass: a pattern that repeats groups of four takes 30 ms on a large payload.
  const beyond = text.length % 4;
  if (beyond === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return false;
  // Two characters beyond the last four carry one byte, three carry two; the bits left are zero.
  return beyond === 0 || (beyond === 2 ? "AQgw" : "AEIMQUYcgkosw048").includes(text.slice(-1));
}

/** A SHA-256 thumbprint is 43 base64url characters; the bound keeps a hostile `kid` out of messages. */
const KEY_ID_LENGTH = 43;

function readKeyId(protectedHeader: string): string | undefined {
  try {
    const header: unknown = JSON.parse(decodeText(protectedHeader) ?? "");
    if (typeof header !== "object" || header === null) return undefined;
    const { alg, enc, kid, ...rest } = header as Record<string, unknown>;
    const known = alg === "dir" && enc === "A256GCM" && Object.keys(rest).length === 0;
    if (!known || typeof kid !== "string") return undefined;
    return isBase64Url(kid, KEY_ID_LENGTH) ? kid : undefined;
  } catch {
    return undefined;
  }
}

function encodeText(text: string): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeText(base64url: string): string | undefined {
  if (!isBase64Url(base64url)) return undefined;
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
