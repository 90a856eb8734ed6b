import { REQUEST_STATUSES } from "../status.js";
import {
  type Check,
  hasExactly,
  hasMembers,
  isDigest,
  isExactly,
  isIdOf,
  isText,
  isTime,
  type Members,
  optional,
  parseCanonical,
} from "../strict.js";
import { PRIORITIES, REQUEST_EVENT_TYPES, type WireReceiptContent } from "../wire.js";
import { ReceiptError } from "./error.js";

/**
 * Reads the signed text of a receipt. It must be the canonical JSON of itself, so that one content
 * has one writing, and have exactly the members of version 1: what is not understood is not proved.
 *
 * @throws {ReceiptError} `RECEIPT_MALFORMED` (`not_canonical` or `bad_content`).
 */
export function parseReceiptContent(text: string): WireReceiptContent {
  const value = parseCanonical(text);
  if (value === undefined) throw new ReceiptError("not_canonical");
  if (!hasMembers(value, CONTENT)) throw new ReceiptError("bad_content");
  const content = value as unknown as WireReceiptContent;
  for (const part of ["execution", "purchase"] as const) {
    if (content.type.startsWith(`${part}.`) !== (content[part] !== undefined)) {
      throw new ReceiptError("bad_content");
    }
  }
  return content;
}

const isWord =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const isCounter: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;

const ACTOR: Members = {
  type: isWord(["agent", "operator", "policy", "system"]),
  id: isText,
  name: optional((value) => typeof value === "string"),
};

const EXECUTION: Members = {
  id: isIdOf("execution"),
  fencing_token: isCounter,
  reconciled: optional((value) => typeof value === "boolean"),
  result_digest: optional(isDigest),
  error_digest: optional(isDigest),
  evidence_digest: optional(isDigest),
};

const PURCHASE: Members = {
  amount_minor: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  currency: isText,
  category: isText,
  payee: optional(isText),
  late: optional(isExactly(true)),
};

const CONTENT: Members = {
  version: isExactly(1),
  id: isIdOf("receipt"),
  type: isWord(REQUEST_EVENT_TYPES),
  project_id: isIdOf("project"),
  request_id: isIdOf("request"),
  agent_id: isIdOf("agent"),
  at: isTime,
  actor: hasExactly(ACTOR),
  service: isText,
  action: isText,
  priority: isWord(PRIORITIES),
  status: isWord(REQUEST_STATUSES),
  revision: isCounter,
  payload_digest: optional(isDigest),
  approved_digest: optional(isDigest),
  reason_digest: optional(isDigest),
  execution: optional(hasExactly(EXECUTION)),
  purchase: optional(hasExactly(PURCHASE)),
};
