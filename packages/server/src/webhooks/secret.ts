import { randomBytes } from "node:crypto";
import type { WebhookSecret } from "../store/verbs/webhooks.js";

/** The library of Standard Webhooks takes 24 to 64 bytes; 32 are those of the hash. */
const SECRET_BYTES = 32;
/** Enough to recognise a secret by, and nothing to guess it from. */
const HINT_LENGTH = 4;

/** How long the secret before goes on signing after a rotation: 24 hours. */
export const SECRET_OVERLAP_MS = 86_400_000;

/** @param bytes - Default: random ones. */
export function newWebhookSecret(bytes: Uint8Array = randomBytes(SECRET_BYTES)): WebhookSecret {
  const encoded = Buffer.from(bytes).toString("base64");
  // The padding is the same in all of them.
  return { text: `whsec_${encoded}`, hint: `…${encoded.replace(/=+$/, "").slice(-HINT_LENGTH)}` };
}
