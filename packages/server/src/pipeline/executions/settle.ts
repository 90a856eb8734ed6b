import { LIMITS } from "@holdpoint/protocol";
import type { commitSchema, failSchema, renewSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { agentActor } from "../../domain/actor.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Execution, Settlement } from "../../domain/execution.js";
import { executionNotFound, leaseLostProblem } from "../../domain/execution-problem.js";
import { assertTold } from "../../domain/told.js";
import { loadRequest } from "../load.js";
import { loadExecution } from "./load.js";
import { assertOwnRun } from "./own.js";

/**
 * Lets the lease of a running execution start anew.
 *
 * @throws {ProblemError} `EXECUTION_NOT_FOUND`, `PERMISSION_DENIED` for a run of the gate,
 *   `EXECUTION_LEASE_LOST`, `EXECUTION_SETTLED`.
 */
export async function renewExecution(
  context: Context,
  caller: AgentCaller,
  executionId: string,
  { fencing_token: fencingToken, lease_ms = LIMITS.defaultLeaseMs }: z.output<typeof renewSchema>,
): Promise<Execution> {
  const { store, clock, leases } = context;
  const { projectId, requestId } = await loadExecution(context, caller, executionId);
  assertOwnRun(await loadRequest(context, caller, requestId));
  const at = clock.now();
  const renewal = { fencingToken, at, leaseExpiresAt: at + lease_ms };
  const result = await store.executions.renew(projectId, executionId, renewal);
  if (result === undefined) throw executionNotFound();
  if (result.outcome === "lost") {
    throw leaseLostProblem(await loadExecution(context, caller, executionId), fencingToken);
  }
  leases.watch(result.execution.leaseExpiresAt);
  return result.execution;
}

/**
 * Records that the action has run, and what it gave. The same commit sent again answers the same.
 *
 * @throws {ProblemError} `EXECUTION_NOT_FOUND`, `PERMISSION_DENIED` for a run of the gate,
 *   `EXECUTION_LEASE_LOST`, `EXECUTION_SETTLED`, and those of {@link assertTold}.
 */
export async function commitExecution(
  context: Context,
  caller: AgentCaller,
  executionId: string,
  { fencing_token: fencingToken, result }: z.output<typeof commitSchema>,
): Promise<Execution> {
  const told = result === undefined ? {} : { result };
  return settle(context, caller, executionId, { status: "COMMITTED", fencingToken, ...told });
}

/**
 * Records that the action was tried and failed: it will not be run again. Fails as
 * {@link commitExecution} does.
 */
export async function failExecution(
  context: Context,
  caller: AgentCaller,
  executionId: string,
  { fencing_token: fencingToken, error }: z.output<typeof failSchema>,
): Promise<Execution> {
  return settle(context, caller, executionId, { status: "FAILED", fencingToken, error });
}

async function settle(
  context: Context,
  caller: AgentCaller,
  executionId: string,
  ending: Omit<Settlement, "settledBy" | "at">,
): Promise<Execution> {
  const { store, clock, metrics, wakeups } = context;
  const { projectId, requestId } = await loadExecution(context, caller, executionId);
  const request = await loadRequest(context, caller, requestId);
  assertOwnRun(request);
  assertTold(request, "result", ending.result);
  assertTold(request, "error", ending.error);
  const settledBy = agentActor(caller.agent);
  const settlement = { ...ending, settledBy, at: clock.now() };
  const result = await store.executions.settle(projectId, executionId, settlement);
  if (result === undefined) throw executionNotFound();
  if (result.outcome === "lost") {
    // Read again: it may have lost to the end of its lease, which is yet to be noted.
    throw leaseLostProblem(await loadExecution(context, caller, executionId), ending.fencingToken);
  }
  if (result.outcome === "settled") {
    metrics.observeExecution(result.execution.status);
    wakeups.notify(request);
  }
  return result.execution;
}
