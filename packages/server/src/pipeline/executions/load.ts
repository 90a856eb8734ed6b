import type { Context } from "../../context.js";
import type { ProjectCaller } from "../../domain/caller.js";
import type { Execution } from "../../domain/execution.js";
import { executionNotFound } from "../../domain/execution-problem.js";
import { mayReturnOutput } from "../gate/output.js";

type Parts = Pick<Context, "store" | "clock" | "leases">;

/**
 * An execution as this caller may see it now: an agent sees its own only, and one whose lease is
 * over is `OUTCOME_UNKNOWN` before anybody reads it.
 *
 * @throws {ProblemError} `EXECUTION_NOT_FOUND`, also for executions of others.
 */
export async function loadExecution(
  { store, clock, leases }: Parts,
  caller: ProjectCaller,
  executionId: string,
): Promise<Execution> {
  let execution = await store.executions.find(caller.projectId, executionId);
  while (execution !== undefined && isOverdue(execution, clock.now())) {
    await leases.sweep();
    execution = await store.executions.find(caller.projectId, executionId);
  }
  if (execution === undefined || !maySee(caller, execution)) throw executionNotFound();
  return caller.type === "agent" ? withinReach(store, execution) : execution;
}

/** Without what an action of the gate keeps from agents. */
async function withinReach(store: Parts["store"], execution: Execution): Promise<Execution> {
  if (execution.result === undefined) return execution;
  const call = await store.gateCalls.find(execution.projectId, execution.requestId);
  if (call === undefined || (await mayReturnOutput({ store }, call))) return execution;
  const { result: _kept, ...rest } = execution;
  return rest;
}

export function isOverdue(execution: Execution, now: number): boolean {
  return execution.status === "CLAIMED" && execution.leaseExpiresAt <= now;
}

function maySee(caller: ProjectCaller, execution: Execution): boolean {
  return caller.type === "operator" || caller.agent.id === execution.agentId;
}
