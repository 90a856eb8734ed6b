import { digestJson, type JsonValue } from "../json.js";
import type {
  WireExecution,
  WireProjectReceiptContent,
  WireReceiptContent,
  WireRequest,
  WireRequestReceiptContent,
} from "../wire.js";
import { isRequestReceipt } from "./content.js";
import { ReceiptError } from "./error.js";

/**
 * What a receipt is said to be about, as it travels: an envelope stays one. Give what you have;
 * each digest of the receipt is compared with the part it was made from.
 */
export interface ReceiptSubject {
  readonly request?: Partial<WireRequest>;
  readonly execution?: Partial<WireExecution>;
  /** What a change of the project has set: a manifest, a policy's text, an agent's limits. */
  readonly set?: JsonValue;
}

/** Which digests were recomputed, and which had nothing to be recomputed from. */
export interface DigestReport {
  readonly compared: readonly string[];
  readonly notCompared: readonly string[];
}

/**
 * Recomputes each digest of a receipt from the contents at hand.
 *
 * @throws {ReceiptError} `RECEIPT_DIGEST_WRONG`, whose `field` names what differs.
 */
export async function compareSubject(
  content: WireReceiptContent,
  subject: ReceiptSubject,
): Promise<DigestReport> {
  if (!isRequestReceipt(content)) return compareSet(content, subject);
  requireSameFacts(content, subject);
  if (subject.set !== undefined) throw new ReceiptError("content_differs", { field: "set" });
  const settled = listDigests(content, subject).filter(({ digest, field, value }) => {
    if (digest !== undefined) return true;
    if (value === undefined || !isFinalOn(field, content)) return false;
    throw new ReceiptError("content_differs", { field });
  });
  return compareDigests(settled);
}

/** A change of a project is about no request. */
async function compareSet(
  { subject: { digest } }: WireProjectReceiptContent,
  { request, execution, set }: ReceiptSubject,
): Promise<DigestReport> {
  const other = (request && "request") ?? (execution && "execution");
  if (other !== undefined) throw new ReceiptError("content_differs", { field: other });
  if (digest === undefined && set !== undefined) {
    throw new ReceiptError("content_differs", { field: "set" });
  }
  return compareDigests(digest === undefined ? [] : [{ field: "set", digest, value: set }]);
}

async function compareDigests(named: readonly NamedDigest[]): Promise<DigestReport> {
  const compared: string[] = [];
  const notCompared: string[] = [];
  for (const { field, digest, value } of named) {
    if (value === undefined) notCompared.push(field);
    else if ((await digestOf(value)) === digest) compared.push(field);
    else throw new ReceiptError("content_differs", { field });
  }
  return { compared, notCompared };
}

/** Events after which a request is still open. */
const OPEN: readonly string[] = ["request.created", "request.endorsed"];

/**
 * Whether the event settles a field for good: then a receipt without its digest says that there is
 * nothing. Others were signed before or after it could be said.
 */
function isFinalOn(field: string, { type }: WireRequestReceiptContent): boolean {
  if (field === "reason") return type.startsWith("request.") && !OPEN.includes(type);
  const isSettled = type === "execution.committed" || type === "execution.failed";
  return isSettled && ["result", "error", "evidence"].includes(field);
}

/** What never changes of a request must be what was signed; its status and revision move on. */
function requireSameFacts(
  content: WireRequestReceiptContent,
  { request, execution }: ReceiptSubject,
) {
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ["request.id", content.request_id, request?.id],
    ["request.project_id", content.project_id, request?.project_id],
    ["request.agent.id", content.agent_id, request?.agent?.id],
    ["request.service", content.service, request?.service],
    ["request.action", content.action, request?.action],
    ["request.priority", content.priority, request?.priority],
    ["execution.id", content.execution?.id, execution?.id],
    ["execution.request_id", content.request_id, execution?.request_id],
  ];
  for (const [field, signed, found] of facts) {
    if (signed !== undefined && found !== undefined && signed !== found) {
      throw new ReceiptError("content_differs", { field });
    }
  }
}

interface NamedDigest {
  readonly field: string;
  readonly digest: string | undefined;
  readonly value: unknown;
}

function listDigests(
  content: WireRequestReceiptContent,
  { request, execution }: ReceiptSubject,
): readonly NamedDigest[] {
  const run = content.execution;
  return [
    { field: "payload", digest: content.payload_digest, value: request?.payload },
    {
      field: "approved payload",
      digest: content.approved_digest,
      value: request?.patched_payload ?? request?.payload,
    },
    { field: "reason", digest: content.reason_digest, value: request?.reason },
    { field: "result", digest: run?.result_digest, value: execution?.result },
    { field: "error", digest: run?.error_digest, value: execution?.error },
    { field: "evidence", digest: run?.evidence_digest, value: execution?.evidence },
  ];
}

async function digestOf(value: unknown): Promise<string> {
  return `sha256:${await digestJson(value as JsonValue)}`;
}
