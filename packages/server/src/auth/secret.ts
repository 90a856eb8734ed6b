import { createHash, randomBytes } from "node:crypto";
import { API_KEY_PREFIX, formatApiKey, OPERATOR_TOKEN_PREFIX } from "@holdpoint/protocol";

const SECRET_BYTES = 32;
/** 36 bits: tells keys apart, and leaves 220 to guess. */
const HINT_LENGTH = 6;

/** A credential's text, shown once, and what is kept of it. */
export interface NewSecret {
  readonly text: string;
  readonly secretHash: string;
  readonly hint: string;
}

export function newApiKey(projectId: string): NewSecret {
  return secretOf(API_KEY_PREFIX, formatApiKey(projectId, randomSecret()));
}

export function newOperatorToken(): NewSecret {
  return secretOf(OPERATOR_TOKEN_PREFIX, `${OPERATOR_TOKEN_PREFIX}${randomSecret()}`);
}

/**
 * SHA-256 as hex. A plain hash is enough: the text holds 256 random bits, so there is nothing to
 * guess, and finding the row by hash tells a timing attacker nothing of the text.
 */
export function hashSecret(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** The hint shows the end: all keys of a project begin alike. */
function secretOf(prefix: string, text: string): NewSecret {
  return { text, secretHash: hashSecret(text), hint: `${prefix}…${text.slice(-HINT_LENGTH)}` };
}
