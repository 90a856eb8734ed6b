import {
  EXECUTION_STATUSES,
  isApprovedStatus,
  isId,
  isJsonObject,
  isRequestStatus,
  type JsonObject,
  PRIORITIES,
  type RequestStatus,
  type WireActor,
  type WireRequest,
} from "@holdpoint/protocol";
import { invalidResponse } from "../errors/response.js";

/**
 * Reads a request from an answer. Fails closed: a missing field, an unknown status or another
 * request than `expectedId` is an error. Members we do not know are let pass.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`.
 */
export function parseRequest(body: unknown, expectedId?: string): WireRequest {
  const fault = isJsonObject(body) ? findFault(body, expectedId) : "a JSON object";
  if (fault === undefined) return body as unknown as WireRequest;
  throw invalidResponse(`Expected ${fault} in the answer`, { requestId: expectedId });
}

const TEXTS = ["service", "action", "url"];
const OPTIONAL_TEXTS = [
  "role",
  "reason",
  "agent_label",
  "environment",
  "run_id",
  "receipt_id",
  "state_id",
  "witness_digest",
];

function findFault(body: JsonObject, expectedId: string | undefined): string | undefined {
  const { status, execution, agent, metadata } = body;
  if (!isId("request", body.id)) return "a request id";
  if (expectedId !== undefined && body.id !== expectedId) return "the request asked for";
  if (!isRequestStatus(status)) return "a status this SDK knows";
  if (!isOneOf(PRIORITIES, body.priority)) return "a priority this SDK knows";
  if (!isJsonObject(execution) || !isOneOf(EXECUTION_STATUSES, execution.status)) {
    return "an execution status this SDK knows";
  }
  for (const name of TEXTS) {
    if (typeof body[name] !== "string") return `a text as ${name}`;
  }
  for (const name of OPTIONAL_TEXTS) {
    if (typeof (body[name] ?? "") !== "string") return `a text as ${name}`;
  }
  if (typeof body.encrypted !== "boolean") return "true or false as encrypted";
  if (!Number.isInteger(body.revision)) return "an integer as revision";
  if (!isJsonObject(metadata)) return "an object as metadata";
  if (!isJsonObject(agent) || typeof agent.name !== "string") return "the agent";
  if (body.schema !== undefined && !isJsonObject(body.schema)) return "an object as schema";
  if (body.shield !== undefined && !isVerdict(body.shield)) return "the shield's verdict";
  if (!isTime(body.created_at) || !isTime(body.expires_at)) return "ISO 8601 times";
  if (!isTime(body.contents_deleted_at ?? body.created_at)) return "when its contents were deleted";
  return status === "PENDING" ? undefined : findOutcomeFault(body);
}

function findOutcomeFault({ status, ...body }: JsonObject): string | undefined {
  const { decided_by, resolved_at, grant } = body;
  if (!isTime(resolved_at)) return "the time of the decision";
  if (!isActor(decided_by)) return "who decided";
  if (!isApprovedStatus(status as RequestStatus)) return undefined;
  // No credential of an agent can approve, so an answer that says so is not to be believed.
  if (decided_by.type !== "operator" && decided_by.type !== "policy") {
    return "an operator or a policy as the approver";
  }
  return grant === undefined || isGrant(grant) ? undefined : "the approval's grant";
}

function isGrant(value: unknown): boolean {
  if (!isJsonObject(value) || !isId("grant", value.id) || !isTime(value.expires_at)) return false;
  return Number.isInteger(value.revision) && typeof value.approved_digest === "string";
}

/** What is told, and decides nothing here: its words may be others than this SDK knows. */
function isVerdict(value: unknown): boolean {
  return (
    isJsonObject(value) && Array.isArray(value.signals) && typeof value.explanation === "string"
  );
}

const ACTOR_TYPES = ["agent", "operator", "policy", "system"] as const;

export function isActor(value: unknown): value is WireActor & JsonObject {
  return isJsonObject(value) && isOneOf(ACTOR_TYPES, value.type) && typeof value.id === "string";
}

export function isOneOf<Item>(items: readonly Item[], value: unknown): value is Item {
  return (items as readonly unknown[]).includes(value);
}

export function isTime(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}
