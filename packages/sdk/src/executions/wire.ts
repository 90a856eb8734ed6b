import type { JsonObject, WireExecution } from "@holdpoint/protocol";
import { invalidResponse, isId, isJsonObject } from "../core.js";

const STATUSES = ["CLAIMED", "COMMITTED", "FAILED", "OUTCOME_UNKNOWN"];

/** What an answer must be about, where that is known. */
export interface ExpectedExecution {
  readonly id?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * Reads an execution from an answer. Fails closed, as requests are read.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`.
 */
export function parseExecution(body: unknown, expected: ExpectedExecution = {}): WireExecution {
  const fault = isJsonObject(body) ? findFault(body, expected) : "a JSON object";
  if (fault === undefined) return body as unknown as WireExecution;
  throw invalidResponse(`Expected ${fault} in the answer`, { requestId: expected.requestId });
}

function findFault(body: JsonObject, expected: ExpectedExecution): string | undefined {
  const { id, request_id, status, settled_at } = body;
  if (!isId("execution", id) || id !== (expected.id ?? id)) return "the execution asked for";
  if (!isId("request", request_id) || request_id !== (expected.requestId ?? request_id)) {
    return "an execution of the request asked for";
  }
  if (!STATUSES.includes(status as string)) return "an execution status this SDK knows";
  if (!Number.isInteger(body.fencing_token)) return "an integer as fencing_token";
  if (typeof body.idempotent !== "boolean") return "true or false as idempotent";
  if (!isTime(body.claimed_at) || !isTime(body.lease_expires_at)) return "ISO 8601 times";
  if (settled_at !== undefined && !isTime(settled_at)) return "the time it was settled";
  return undefined;
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}
