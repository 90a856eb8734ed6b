import { isApprovedStatus, type JsonObject } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestTextOf } from "../../domain/digest.js";
import { takenProblem } from "../../domain/execution-problem.js";
import { type Action, returnsOutput } from "../../domain/gate/action.js";
import type { GateCall } from "../../domain/gate/call.js";
import { costOf } from "../../domain/gate/cost.js";
import {
  actionWithdrawn,
  callIdConflict,
  callNotApproved,
  leaseBudgetExhausted,
  parametersChanged,
} from "../../domain/gate/problem.js";
import { grantExpired } from "../../domain/grant.js";
import { authorityFrozen } from "../../domain/identity/problem.js";
import type { ExecuteInput, LeasedCaller } from "./execute.js";
import { findCall } from "./load.js";
import { mayReturnOutput } from "./output.js";
import { runCall } from "./run.js";
import { startOf } from "./start.js";

/** What stands of a call, and whether anything ran for this answer. */
export interface Answered {
  readonly call: GateCall;
  readonly isReplayed: boolean;
  /** Whether the agent gets what it gave. */
  readonly returnsOutput: boolean;
}

/**
 * Goes on with a call whose id is known: waits on, answers what is on record, or runs what a person has
 * approved, once.
 *
 * @throws {ProblemError} `REQUEST_ID_CONFLICT`, `ARGUMENTS_CHANGED`, `NOT_APPROVED`,
 *   `EXECUTION_CLAIMED`, `ACTION_WITHDRAWN`, `AUTHORITY_FROZEN`, `LEASE_BUDGET_EXHAUSTED`,
 *   `GRANT_EXPIRED`.
 */
export async function continueCall(
  context: Context,
  caller: LeasedCaller,
  known: GateCall,
  { actionId, input }: { readonly actionId: string; readonly input: ExecuteInput },
): Promise<Answered> {
  assertSame(caller, known, actionId, input);
  for (let call = known; ; ) {
    if (!mayBegin(call)) return standing(context, call);
    const answered = await context.gate.admit((signal) => begin(context, caller, call, signal));
    if (answered !== undefined) return answered;
    // Somebody else was first: what has become of it meanwhile?
    call = await readAgain(context, call);
  }
}

/** The same call, or the held one it names. Members that are left out are as they were. */
function assertSame(
  caller: AgentCaller,
  { request, action }: GateCall,
  actionId: string,
  input: ExecuteInput,
): void {
  if (request.agent.id !== caller.agent.id || action.id !== actionId) throw callIdConflict();
  const { parameters, timeout_ms: timeoutMs } = input;
  if (parameters !== undefined && digestTextOf(parameters) !== request.payloadDigest) {
    throw parametersChanged();
  }
  const differs = (given: unknown, kept: unknown) => given !== undefined && given !== kept;
  if (
    differs(timeoutMs, request.expiresAt - request.createdAt) ||
    differs(input.agent_label, request.agentLabel) ||
    differs(input.environment, request.environment) ||
    differs(input.run_id, request.runId) ||
    differs(input.parent_request_id, request.parentRequestId)
  ) {
    throw callIdConflict();
  }
}

/** Approved and never run; or run with an outcome that nobody knows, where trying again is safe. */
function mayBegin({ request, execution }: GateCall): boolean {
  if (!isApprovedStatus(request.status)) return false;
  if (execution === undefined) return true;
  return execution.status === "OUTCOME_UNKNOWN" && execution.idempotent;
}

async function standing(context: Context, call: GateCall): Promise<Answered> {
  const { request, execution } = call;
  if (request.status === "PENDING") return { call, isReplayed: false, returnsOutput: false };
  if (execution === undefined) throw callNotApproved(request);
  if (execution.status === "CLAIMED") throw takenProblem(execution);
  return { call, isReplayed: true, returnsOutput: await mayReturnOutput(context, call) };
}

/** `undefined`: somebody else has begun it. */
async function begin(
  context: Context,
  caller: LeasedCaller,
  call: GateCall,
  signal: AbortSignal,
): Promise<Answered | undefined> {
  const { store, clock, metrics } = context;
  const { request } = call;
  const action = await loadPinned(context, call);
  const parameters = approvedParameters(call);
  const { grant } = request;
  if (grant === undefined || grant.expiresAt <= clock.now()) throw grantExpired();
  const cost = costOf(action.manifest, parameters);
  const start = startOf(action, typeidUnboxed("exe"), clock.now());
  const beginning = {
    projectId: request.projectId,
    requestId: request.id,
    agent: caller.agent,
    lease: caller.lease,
    grantId: grant.id,
    // Of what is about to run, so that nothing else than what was approved does.
    approvedDigest: digestTextOf(parameters),
    start,
    ...(cost && { cost }),
  };
  const begun = await metrics.timeGateStep("begin", () => store.gateCalls.begin(beginning));
  if (begun.outcome === "frozen") throw authorityFrozen();
  if (begun.outcome === "exhausted") throw leaseBudgetExhausted();
  if (begun.outcome === "lost") return undefined;
  const { id: leaseId, sessionId } = caller.lease;
  const running = { ...call, leaseId, sessionId, startedAt: start.at, execution: begun.execution };
  const ended = await runCall(context, caller, { call: running, action, parameters }, signal);
  return { call: ended, isReplayed: false, returnsOutput: returnsOutput(action) };
}

/** The manifest it was asked with, and no other. */
async function loadPinned({ store }: Context, { request, action }: GateCall): Promise<Action> {
  const pinned = await store.actions.find(request.projectId, action.id, action.digest);
  if (pinned === undefined || pinned.withdrawnAt !== undefined) throw actionWithdrawn();
  return pinned;
}

/** As a person has edited them. */
function approvedParameters({ request }: GateCall): JsonObject {
  const approved = request.patchedPayload ?? request.payload;
  // Contents are kept for longer than any grant lasts.
  if (approved === undefined) throw grantExpired();
  return approved as JsonObject;
}

async function readAgain(context: Context, { request }: GateCall): Promise<GateCall> {
  const call = await findCall(context, request.projectId, request.id);
  if (call === undefined) throw callIdConflict();
  if (mayBegin(call) && call.execution === undefined) throw grantExpired();
  return call;
}
