import type { WebhookSecret } from "../store/verbs/webhooks.js";

/** Enough to recognise a secret by, and nothing to guess it from. */
const HINT_LENGTH = 4;

/** How long the secret before goes on signing after a rotation: 24 hours. */
export const SECRET_OVERLAP_MS = 86_400_000;

/** @param bytes - 24 to 64 random ones, as Standard Webhooks has it. */
export function newWebhookSecret(bytes: Uint8Array): WebhookSecret {
  const encoded = Buffer.from(bytes).toString("base64");
  // The padding is the same in all of them.
  return { text: `whsec_${encoded}`, hint: `…${encoded.replace(/=+$/, "").slice(-HINT_LENGTH)}` };
}
