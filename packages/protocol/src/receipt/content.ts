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
import {
  GATE_VERIFICATIONS,
  POLICY_VERDICTS,
  PRIORITIES,
  PROJECT_EVENT_TYPES,
  REQUEST_EVENT_TYPES,
  SHIELD_EFFECTS,
  SHIELD_MODES,
  SHIELD_SIGNALS,
  type WireProjectReceiptContent,
  type WireReceiptContent,
  type WireRequestReceiptContent,
} from "../wire.js";
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
  if (hasMembers(value, PROJECT_CONTENT)) return value as WireProjectReceiptContent;
  if (!hasMembers(value, CONTENT)) throw new ReceiptError("bad_content");
  const content = value as WireRequestReceiptContent;
  for (const part of ["execution", "purchase"] as const) {
    if (content.type.startsWith(`${part}.`) !== (content[part] !== undefined)) {
      throw new ReceiptError("bad_content");
    }
  }
  if (content.type === "shield.anomaly" && content.shield?.anomalous !== true) {
    throw new ReceiptError("bad_content");
  }
  return content;
}

/** Whether it is about a request, rather than about its whole project. */
export function isRequestReceipt(
  content: WireReceiptContent,
): content is WireRequestReceiptContent {
  return "request_id" in content;
}

const isWord =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const isListOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const isCounter: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;

const isMeasure =
  (least: number): Check =>
  (value) =>
    Number.isFinite(value) && (value as number) >= least;

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

const POLICY: Members = {
  revision: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  verdict: isWord(POLICY_VERDICTS),
  policies: isListOf(isText),
};

const GATE: Members = {
  action_version: isText,
  action_digest: isDigest,
  session_id: isIdOf("gateSession"),
  lease_id: isIdOf("lease"),
  approved_by: optional(hasExactly(ACTOR)),
  verification: optional(isWord(GATE_VERIFICATIONS)),
};

const SHIELD: Members = {
  profile_id: isIdOf("shieldProfile"),
  mode: isWord(SHIELD_MODES),
  anomalous: (value) => typeof value === "boolean",
  signals: isListOf(isWord(SHIELD_SIGNALS)),
  effect: isWord(SHIELD_EFFECTS),
  surprise_bits: isMeasure(0),
  one_in: optional(isMeasure(1)),
  explanation: isText,
};

const SUBJECT: Members = {
  id: isText,
  revision: optional(isCounter),
  version: optional(isText),
  digest: optional(isDigest),
};

const PROJECT_CONTENT: Members = {
  version: isExactly(1),
  id: isIdOf("receipt"),
  type: isWord(PROJECT_EVENT_TYPES),
  project_id: isIdOf("project"),
  at: isTime,
  actor: hasExactly(ACTOR),
  agent_id: optional(isIdOf("agent")),
  subject: hasExactly(SUBJECT),
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
  policy: optional(hasExactly(POLICY)),
  gate: optional(hasExactly(GATE)),
  shield: optional(hasExactly(SHIELD)),
};
