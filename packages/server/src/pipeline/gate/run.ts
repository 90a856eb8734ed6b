import type { JsonObject } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import { agentActor } from "../../domain/actor.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Execution } from "../../domain/execution.js";
import type { Action } from "../../domain/gate/action.js";
import type { CallEnding, GateCall } from "../../domain/gate/call.js";
import { endingOf, INTERRUPTED, isUnsent } from "../../domain/gate/result.js";
import type { ActionOutcome } from "../../domain/gate/run.js";
import { findCall } from "./load.js";

/** A call whose run has begun. */
export type BegunCall = GateCall & { readonly execution: Execution };

/**
 * Runs what has begun, and answers how it ended, once that is durable. Whoever asked for it may have
 * gone meanwhile: it is run and recorded all the same.
 *
 * @throws what the store throws. The end of the execution's lease then leaves its outcome unknown.
 */
export async function runCall(
  context: Context,
  caller: AgentCaller,
  begun: { readonly call: BegunCall; readonly action: Action; readonly parameters: JsonObject },
  signal: AbortSignal,
): Promise<GateCall> {
  const { store, metrics, leases, wakeups } = context;
  const { call } = begun;
  leases.watch(call.execution.leaseExpiresAt);
  metrics.observeExecution("CLAIMED");
  const outcome = await metrics.timeGateStep("run", () => run(context, begun, signal));
  const ending = endingFor(context, caller, begun, outcome);
  const settled = await metrics.timeGateStep("settle", () => store.gateCalls.settle(ending));
  if (settled.outcome === "lost") return readAgain(context, call);
  metrics.observeExecution(ending.outcome.status);
  metrics.observeGateCall(outcome.outcome);
  wakeups.notify(call.request);
  return endedCall(call, ending, settled.eventId);
}

/** A runner that throws has lost track: what it may have sent, nobody knows. */
async function run(
  { gate, log }: Context,
  { call, action, parameters }: Parameters<typeof runCall>[2],
  signal: AbortSignal,
): Promise<ActionOutcome> {
  try {
    const idempotencyKey = call.request.id;
    return await gate.runner.run({ action, parameters, idempotencyKey }, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    log.error({ execution_id: call.execution.id, reason }, "a runner failed");
    return { outcome: "outcome_unknown", fault: INTERRUPTED };
  }
}

function endingFor(
  { clock }: Context,
  { agent }: AgentCaller,
  { call, action }: Parameters<typeof runCall>[2],
  outcome: ActionOutcome,
): CallEnding {
  return {
    projectId: call.request.projectId,
    requestId: call.request.id,
    executionId: call.execution.id,
    fencingToken: call.execution.fencingToken,
    at: clock.now(),
    settledBy: agentActor(agent),
    outcome: endingOf(outcome),
    isUnsent: isUnsent(action.manifest, outcome),
  };
}

/** It took longer than its lease: what stands by now is what is true of it. */
async function readAgain(context: Context, { request }: BegunCall): Promise<GateCall> {
  const call = await findCall(context, request.projectId, request.id);
  if (call === undefined) throw new Error("Expected a call that has begun to stay.");
  return call;
}

/** What reading it again would give. */
function endedCall(call: BegunCall, { at, outcome }: CallEnding, eventId: string): GateCall {
  const { verification: _earlier, ...rest } = call;
  return {
    ...rest,
    finishedAt: at,
    outcomeEventId: eventId,
    execution: {
      ...call.execution,
      status: outcome.status,
      ...(outcome.status === "COMMITTED"
        ? { result: outcome.result }
        : { error: { ...outcome.error } }),
    },
    ...(outcome.status === "COMMITTED" && { verification: outcome.verification }),
  };
}
