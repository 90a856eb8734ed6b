import { createHash } from "node:crypto";
import {
  API_KEY_PREFIX,
  ENROLMENT_CODE_PREFIX,
  formatApiKey,
  OPERATOR_TOKEN_PREFIX,
} from "@holdpoint/protocol";

/** 36 bits: tells keys apart, and leaves 220 to guess. */
const HINT_LENGTH = 6;

/** A credential's text, shown once, and what is kept of it. */
export interface NewSecret {
  readonly text: string;
  readonly secretHash: string;
  readonly hint: string;
}

/** @param secret - 32 bytes nobody can guess. */
export function newApiKey(projectId: string, secret: Uint8Array): NewSecret {
  return secretOf(API_KEY_PREFIX, formatApiKey(projectId, textOf(secret)));
}

/** @param secret - 32 bytes nobody can guess. */
export function newOperatorToken(secret: Uint8Array): NewSecret {
  return secretOf(OPERATOR_TOKEN_PREFIX, `${OPERATOR_TOKEN_PREFIX}${textOf(secret)}`);
}

/** @param secret - 32 bytes nobody can guess. */
export function newEnrolmentCode(secret: Uint8Array): NewSecret {
  return secretOf(ENROLMENT_CODE_PREFIX, `${ENROLMENT_CODE_PREFIX}${textOf(secret)}`);
}

/**
 * SHA-256 as hex. A plain hash is enough: the text holds 256 random bits, so there is nothing to
 * guess, and finding the row by hash tells a timing attacker nothing of the text.
 */
export function hashSecret(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function textOf(secret: Uint8Array): string {
  return Buffer.from(secret).toString("base64url");
}

/** The hint shows the end: all keys of a project begin alike. */
function secretOf(prefix: string, text: string): NewSecret {
  return { text, secretHash: hashSecret(text), hint: `${prefix}…${text.slice(-HINT_LENGTH)}` };
}
