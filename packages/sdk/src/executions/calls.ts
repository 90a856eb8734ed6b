import type {
  WireClaim,
  WireCommit,
  WireFail,
  WireReconcile,
  WireRenew,
} from "@holdpoint/protocol";
import {
  createId,
  GrantError,
  invalidInput,
  isId,
  LIMITS,
  requireInteger,
  requireRequestId,
} from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import type { Call } from "../transport/transport.js";
import { openExecution, sealContent } from "./contents.js";
import type { Execution } from "./execution.js";
import type {
  ClaimableDecision,
  ClaimOptions,
  GetExecutionOptions,
  HeldExecution,
  Reconciliation,
  RenewOptions,
} from "./options.js";
import { type ExpectedExecution, parseExecution } from "./wire.js";

/** A call ready to send: sent again, it is the same call, ciphertext included. */
export interface ExecutionCall extends Call {
  readonly expected: ExpectedExecution;
}

/** Sends a call, and again after a passing failure, up to the client's `maxRetries`. */
export async function sendCall(
  { transport, cipher }: ClientParts,
  { expected, ...call }: ExecutionCall,
): Promise<Execution> {
  return openExecution(parseExecution(await transport.call(call), expected), cipher);
}

export function composeClaim(
  { id: requestId, grant }: ClaimableDecision,
  { leaseMs, idempotent, id, signal }: ClaimOptions = {},
): ExecutionCall {
  if (grant === undefined) {
    throw new GrantError({
      code: "GRANT_INVALID",
      message: `Expected the approval of ${requestId} with its grant, got none. Nothing was claimed. Ask again.`,
      requestId,
    });
  }
  const body = {
    id: id === undefined ? createId("exe") : requireExecutionId(id),
    grant_id: grant.id,
    approved_digest: grant.approvedDigest,
    lease_ms: optionalLease(leaseMs),
    idempotent,
  } satisfies Sendable<WireClaim>;
  const path = `/v1/requests/${requireRequestId(requestId)}/executions`;
  // Not the id sent: a claim anew takes over the execution that is there.
  return post(path, body, { requestId }, { signal });
}

export function composeRenewal(
  { id, requestId, fencingToken }: HeldExecution,
  { leaseMs, signal }: RenewOptions = {},
): ExecutionCall {
  const body = {
    fencing_token: fencingToken,
    lease_ms: optionalLease(leaseMs),
  } satisfies Sendable<WireRenew>;
  return post(pathOf(id, "renew"), body, { id, requestId }, { signal });
}

export async function composeCommit(
  { cipher }: ClientParts,
  { id, requestId, fencingToken }: HeldExecution,
  result: unknown,
  options: CallOptions = {},
): Promise<ExecutionCall> {
  const body = {
    fencing_token: fencingToken,
    result: await sealContent(cipher, requestId, "result", result),
  } satisfies Sendable<WireCommit>;
  return post(pathOf(id, "commit"), body, { id, requestId }, options);
}

export async function composeFailure(
  { cipher }: ClientParts,
  { id, requestId, fencingToken }: HeldExecution,
  error: unknown,
  options: CallOptions = {},
): Promise<ExecutionCall> {
  const body = {
    fencing_token: fencingToken,
    error: await sealContent(cipher, requestId, "error", error),
  } satisfies Sendable<WireFail>;
  return post(pathOf(id, "fail"), body, { id, requestId }, options);
}

export async function composeReconciliation(
  { cipher }: ClientParts,
  { id, requestId }: Pick<Execution, "id" | "requestId">,
  { outcome, evidence, result, error }: Reconciliation,
  options: CallOptions = {},
): Promise<ExecutionCall> {
  const body = {
    outcome,
    evidence: await sealContent(cipher, requestId, "evidence", evidence),
    result: await sealContent(cipher, requestId, "result", result),
    error: await sealContent(cipher, requestId, "error", error),
  } satisfies Sendable<WireReconcile>;
  return post(pathOf(id, "reconcile"), body, { id, requestId }, options);
}

/** What a held call may take beyond the time it asks to be held. */
const HELD_MARGIN_MS = 10_000;

export function composeRead(
  id: string,
  { waitMs = 0, signal }: GetExecutionOptions = {},
): ExecutionCall {
  const heldMs = requireInteger("waitMs", waitMs, 0, LIMITS.maxWaitMs);
  const path = `${pathOf(id)}${heldMs > 0 ? `?wait_ms=${heldMs}` : ""}`;
  const held = heldMs > 0 ? { timeoutMs: heldMs + HELD_MARGIN_MS } : {};
  return { method: "GET", path, signal, ...held, expected: { id } };
}

/** `undefined` members are left out by `JSON.stringify`. */
type Sendable<Wire> = { [Key in keyof Wire]: Wire[Key] | undefined };

function post(
  path: string,
  body: object,
  expected: ExpectedExecution & { readonly requestId: string },
  { signal }: { readonly signal?: AbortSignal | undefined },
): ExecutionCall {
  const { requestId } = expected;
  return { method: "POST", path, body: JSON.stringify(body), signal, requestId, expected };
}

function pathOf(id: unknown, verb?: string): string {
  return `/v1/executions/${requireExecutionId(id)}${verb ? `/${verb}` : ""}`;
}

function requireExecutionId(id: unknown): string {
  if (isId("execution", id)) return id;
  throw invalidInput("id", "an execution id (exe_ and 26 characters), as claim() returns it");
}

function optionalLease(leaseMs: number | undefined): number | undefined {
  if (leaseMs === undefined) return undefined;
  return requireInteger("leaseMs", leaseMs, LIMITS.minLeaseMs, LIMITS.maxLeaseMs);
}
