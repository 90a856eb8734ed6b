import { type IdKind, isId } from "../id.js";
import { canonicalJson, isJsonObject } from "../json.js";
import { REQUEST_STATUSES } from "../status.js";
import { PRIORITIES, REQUEST_EVENT_TYPES, type WireReceiptContent } from "../wire.js";
import { ReceiptError } from "./error.js";

/**
 * Reads the signed text of a receipt. It must be the canonical JSON of itself, so that one content
 * has one writing, and have exactly the members of version 1: what is not understood is not proved.
 *
 * @throws {ReceiptError} `RECEIPT_MALFORMED` (`not_canonical` or `bad_content`).
 */
export function parseReceiptContent(text: string): WireReceiptContent {
  const value = parseJson(text);
  if (value === undefined || canonicalOf(value) !== text) throw new ReceiptError("not_canonical");
  if (!hasMembers(value, CONTENT)) throw new ReceiptError("bad_content");
  const content = value as unknown as WireReceiptContent;
  for (const part of ["execution", "purchase"] as const) {
    if (content.type.startsWith(`${part}.`) !== (content[part] !== undefined)) {
      throw new ReceiptError("bad_content");
    }
  }
  return content;
}

type Check = (value: unknown) => boolean;
type Members = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === "string" && value !== "";
const isWord =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const isIdOf =
  (kind: IdKind): Check =>
  (value) =>
    isId(kind, value);
const isCounter: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isDigest: Check = (value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
const isTime: Check = (value) =>
  typeof value === "string" &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const hasExactly =
  (members: Members): Check =>
  (value) =>
    hasMembers(value, members);

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
  late: optional((value) => value === true),
};

const CONTENT: Members = {
  version: (value) => value === 1,
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

function hasMembers(value: unknown, members: Members): boolean {
  if (!isJsonObject(value)) return false;
  const known = Object.keys(value).every((name) => Object.hasOwn(members, name));
  return known && Object.entries(members).every(([name, check]) => check(own(value, name)));
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function canonicalOf(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}
