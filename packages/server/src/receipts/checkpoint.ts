import type { Signer } from "./signing-key.js";
import { sha256 } from "./tree/hash.js";

/** Ed25519, in key ids and verifier keys. @see C2SP signed-note, "Signature types" */
const ED25519 = Buffer.of(1);

/**
 * The log's name, which is also that of the key that signs its checkpoints: where it is served,
 * without scheme.
 *
 * @param publicUrl - Without a slash at the end.
 * @see C2SP tlog-tiles, "Parameters"; signed-note, "Format" (no spaces, no plus)
 */
export function originOf(publicUrl: string): string {
  const { host, pathname } = new URL(publicUrl);
  const prefix = `${host}${pathname.replace(/\/+$/, "")}/v1/log`;
  return prefix.replaceAll("+", "%2B");
}

/**
 * A signed tree head.
 *
 * @see C2SP tlog-checkpoint, signed-note
 */
export function signCheckpoint(
  signer: Signer,
  { origin, size, root }: { origin: string; size: number; root: Uint8Array },
): string {
  return signNote(signer, origin, `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`);
}

/** @param text - Ends with a newline. @see C2SP signed-note, "Format" */
export function signNote(signer: Signer, keyName: string, text: string): string {
  const keyId = keyIdOf(keyName, signer.publicKey);
  const signature = Buffer.concat([keyId, signer.sign(Buffer.from(text))]).toString("base64");
  return `${text}\n— ${keyName} ${signature}\n`;
}

/** The key that verifies checkpoints of this log, as one line. @see C2SP signed-note, "Verifier keys" */
export function verifierKeyOf(origin: string, publicKey: Uint8Array): string {
  const key = Buffer.concat([ED25519, publicKey]).toString("base64");
  return `${origin}+${keyIdOf(origin, publicKey).toString("hex")}+${key}`;
}

function keyIdOf(keyName: string, publicKey: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${keyName}\n`), ED25519, publicKey])).subarray(0, 4);
}
