import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import {
  GATE_FAULTS,
  GATE_OUTCOMES,
  type WireAction,
  type WireGateApproval,
  type WireGateResult,
  type WireIssuedLease,
} from "@holdpoint/protocol/gate";
import {
  EXECUTION_STATUSES,
  GATE_VERIFICATIONS,
  invalidResponse,
  isActor,
  isFullySuccessful,
  isId,
  isJsonObject,
  isOneOf,
  isRequestStatus,
  isTime,
  PRIORITIES,
} from "../core.js";
import { isMoney } from "../spend/wire.js";

/**
 * Reads the answer to a call of an action: how it ended, or what a person has to decide first. Fails
 * closed, as all of these do: a missing member, a word we do not know or another call than `id` is an
 * error.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`.
 */
export function parseAnswer(body: unknown, id: string): WireGateResult | WireGateApproval {
  const isRun = isJsonObject(body) && "outcome" in body;
  return isRun ? parseRun(body, id) : parseApproval(body, id);
}

/** Whether it was run, rather than held. */
export function isRun(answer: WireGateResult | WireGateApproval): answer is WireGateResult {
  return "outcome" in answer;
}

function parseRun(body: unknown, id: string): WireGateResult {
  return read<WireGateResult>(body, (run) => findRunFault(run, id), id);
}

export function parseApproval(body: unknown, id: string): WireGateApproval {
  return read<WireGateApproval>(body, (approval) => findApprovalFault(approval, id), id);
}

export function parseLease(body: unknown): WireIssuedLease {
  return read<WireIssuedLease>(body, findLeaseFault);
}

export function parseAction(body: unknown): WireAction {
  return read<WireAction>(body, findActionFault);
}

function read<Wire>(
  body: unknown,
  findFault: (body: JsonObject) => string | undefined,
  requestId?: string,
): Wire {
  const fault = isJsonObject(body) ? findFault(body) : "a JSON object";
  if (fault === undefined) return body as unknown as Wire;
  throw invalidResponse(`Expected ${fault} in the answer`, { requestId });
}

function findRunFault(run: JsonObject, id: string): string | undefined {
  const { outcome, error, verification, approved_by: approver } = run;
  if (run.id !== id) return "the call that was asked for";
  if (!areTexts(run, ["action", "action_version", "action_digest"])) return "the action";
  if (!isId("execution", run.execution_id)) return "the id of a run";
  if (!isId("receipt", run.receipt_id)) return "the id of a receipt";
  if (!isId("gateSession", run.session_id)) return "the id of a session";
  if (!isOneOf(GATE_OUTCOMES, outcome)) return "an outcome this SDK knows";
  if ((outcome === "success") !== (error === undefined)) return "an error without success only";
  if (error !== undefined && !isFault(error)) return "a fault this SDK knows";
  if (!isVerification(verification)) return "a verification this SDK knows";
  const isFull = isFullySuccessful({ outcome, verification });
  if (run.fully_successful !== isFull) return "fully_successful as outcome and verification say";
  if (approver !== undefined && !isApprover(approver)) return "an operator or a policy as approver";
  if (!isTime(run.started_at) || !isTime(run.finished_at ?? run.started_at)) return "times";
  return (run.replayed ?? true) === true ? undefined : "true as replayed";
}

function findApprovalFault(approval: JsonObject, id: string): string | undefined {
  const { status, decided_by: decider, policy, result } = approval;
  if (approval.id !== id) return "the call that was asked for";
  if (!areTexts(approval, ["action", "action_version", "action_digest", "url"]))
    return "the action";
  if (!isRequestStatus(status)) return "a status this SDK knows";
  if (!isOneOf(EXECUTION_STATUSES, approval.execution_status)) {
    return "an execution status this SDK knows";
  }
  if (!areTexts({ role: "", reason: "", ...approval }, ["role", "reason"])) return "texts";
  if (decider !== undefined && !isActor(decider)) return "who decided";
  if (policy !== undefined && !isJsonObject(policy)) return "what the policy said";
  if (!isTime(approval.expires_at)) return "when it expires";
  if (!isTime(approval.resolved_at ?? approval.expires_at)) return "when it was decided";
  if (result === undefined) return undefined;
  return isJsonObject(result) ? findRunFault(result, id) : "how it ended";
}

function findLeaseFault(lease: JsonObject): string | undefined {
  const { token, budget, agent, scopes } = lease;
  if (!isId("lease", lease.id) || !isId("gateSession", lease.session_id)) return "a lease's ids";
  // It becomes part of a header.
  if (typeof token !== "string" || !/^[\w.~+/-]+=*$/.test(token)) return "a lease's token";
  if (lease.token_type !== "DPoP") return "a lease that is bound to a key";
  if (!isJsonObject(agent) || !areTexts(agent, ["id", "name"])) return "the agent";
  if (!Array.isArray(scopes) || !scopes.every((each) => typeof each === "string")) return "scopes";
  if (!isBudget(budget)) return "the session's budget";
  const { issued_at: issuedAt, expires_at: expiresAt } = lease;
  if (!isTime(issuedAt) || !isTime(expiresAt)) return "times";
  return Date.parse(expiresAt) > Date.parse(issuedAt) ? undefined : "a lease that lasts";
}

function isBudget(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { calls, max_calls: most = calls, cost, max_cost: dearest } = value;
  const amounts = [cost, dearest].filter((amount) => amount !== undefined);
  return Number.isInteger(calls) && Number.isInteger(most) && amounts.every(isMoney);
}

function findActionFault(action: JsonObject): string | undefined {
  const { egress, parameters, result = {} } = action;
  if (!areTexts(action, ["id", "version", "digest", "title", "description"])) return "an action";
  if (!isOneOf(PRIORITIES, action.risk)) return "a risk this SDK knows";
  if (!areTexts(action, ["approval", "verification"])) return "approval and verification";
  if (!isJsonObject(parameters) || !isJsonObject(result)) return "the action's schemas";
  return isEgress(egress) ? undefined : "where the action may go";
}

export function isEgress(value: unknown): boolean {
  return value === "none" || (isJsonObject(value) && Array.isArray(value.domains));
}

function isFault(error: JsonValue): boolean {
  if (!isJsonObject(error) || !isOneOf(GATE_FAULTS, error.code)) return false;
  return typeof error.message === "string" && Number.isInteger(error.status ?? 0);
}

function isVerification(value: unknown): value is WireGateResult["verification"] {
  if (!isJsonObject(value) || !isOneOf(GATE_VERIFICATIONS, value.status)) return false;
  return typeof (value.detail ?? "") === "string";
}

/** No credential of an agent can approve, so an answer that says so is not to be believed. */
function isApprover(value: unknown): boolean {
  return isActor(value) && (value.type === "operator" || value.type === "policy");
}

function areTexts(value: JsonObject, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}
