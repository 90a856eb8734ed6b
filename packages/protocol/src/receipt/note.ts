import { sha256 } from "@noble/hashes/sha2.js";
import type { CryptoKey } from "jose";
import { decodeBase64, equalBytes } from "./bytes.js";
import { ReceiptError } from "./error.js";

/** A key that verifies signed notes. Made by {@link importVerifierKey}. */
export interface NoteKey {
  readonly name: string;
  /** The four bytes of its id. */
  readonly id: Uint8Array;
  /** As 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
  readonly verifier: CryptoKey;
}

const ED25519 = 0x01;
/** What a reader bears: the specification asks for 16 signatures at least. */
const MAX_SIGNATURES = 100;
const MAX_LENGTH = 1_000_000;

const encoder = new TextEncoder();

/**
 * Reads a verifier key such as `example.com/log+530d903a+AekyeRrm56h…`.
 *
 * @throws {TypeError} when it is none, is not Ed25519, or its id is not that of its name and key.
 * @see https://c2sp.org/signed-note (Verifier keys)
 */
export async function importVerifierKey(text: string): Promise<NoteKey> {
  const [name, id, key] = splitVerifierKey(text);
  const bytes = decodeBase64(key);
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(id) || bytes === undefined) throw notAKey();
  if (bytes.length !== 33 || bytes[0] !== ED25519) throw notAKey();
  const keyId = sha256(joinBytes(encoder.encode(`${name}\n`), bytes)).slice(0, 4);
  if (hexOf(keyId) !== id) throw notAKey();
  const publicKey = bytes.slice(1);
  const verifier = await crypto.subtle.importKey("raw", publicKey, "Ed25519", true, ["verify"]);
  return { name, id: keyId, publicKey, verifier };
}

function notAKey(): TypeError {
  return new TypeError(
    "Expected a verifier key of a signed note with Ed25519: <name>+<8 hex digits>+<base64>.",
  );
}

/** The key itself may hold further `+`. */
function splitVerifierKey(text: string): readonly [string, string, string] {
  const [name = "", id = "", ...key] = text.split("+");
  return [name, id, key.join("+")];
}

/**
 * Opens a signed note: its text, once at least one of `keys` has signed it and none of them wrongly.
 *
 * @throws {ReceiptError} `CHECKPOINT_INVALID`: `not_a_note`, `unknown_log_key` or
 *   `bad_note_signature`.
 * @see https://c2sp.org/signed-note
 */
export async function openNote(
  note: string,
  keys: readonly NoteKey[],
): Promise<{ readonly text: string; readonly signers: readonly NoteKey[] }> {
  const { text, signatures } = parseNote(note);
  const message = encoder.encode(text);
  const signers: NoteKey[] = [];
  for (const { name, id, signature } of signatures) {
    const key = keys.find((known) => known.name === name && equalBytes(known.id, id));
    // Others sign too: witnesses, and keys of a rotation that we do not know yet.
    if (key === undefined) continue;
    const valid = await crypto.subtle.verify("Ed25519", key.verifier, signature, message);
    if (!valid) throw new ReceiptError("bad_note_signature");
    signers.push(key);
  }
  if (signers.length === 0) throw new ReceiptError("unknown_log_key");
  return { text, signers };
}

interface NoteSignature {
  readonly name: string;
  readonly id: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

function parseNote(note: string): {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
} {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  const complete = end >= 0 && note.length <= MAX_LENGTH && lines.pop() === "";
  if (!complete || !isCleanText(note) || lines.length === 0 || lines.length > MAX_SIGNATURES) {
    throw new ReceiptError("not_a_note");
  }
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name = "", base64 = ""] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) {
    throw new ReceiptError("not_a_note");
  }
  return { name, id: new Uint8Array(bytes.slice(0, 4)), signature: new Uint8Array(bytes.slice(4)) };
}

/** Without control characters but line feeds, and without half a surrogate pair. */
function isCleanText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}

function isKeyName(name: string): boolean {
  return name !== "" && !/[\p{White_Space}+]/u.test(name);
}

function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
