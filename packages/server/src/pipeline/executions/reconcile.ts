import { isEmptyPatch, type WireActor } from "@holdpoint/protocol";
import type { reconcileSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { ProjectCaller } from "../../domain/caller.js";
import type { Execution, Reconciliation } from "../../domain/execution.js";
import { executionNotFound, takenProblem } from "../../domain/execution-problem.js";
import { ProblemError } from "../../domain/problem.js";
import { assertMayDecide } from "../../domain/roles.js";
import { assertTold } from "../../domain/told.js";
import { loadRequest } from "../load.js";
import { loadExecution } from "./load.js";
import { assertOwnRun } from "./own.js";

export type ReconcileInput = z.output<typeof reconcileSchema>;

/**
 * Settles an unknown outcome with evidence. The same call sent again answers the same.
 *
 * @throws {ProblemError} `EXECUTION_NOT_FOUND`, `ROLE_REQUIRED`, `PERMISSION_DENIED` for an agent and a
 *   run of the gate, `EXECUTION_CLAIMED` while its lease runs, `EXECUTION_SETTLED`, `VALIDATION_FAILED` for empty evidence, and those of
 *   {@link assertTold}.
 */
export async function reconcileExecution(
  context: Context,
  caller: ProjectCaller,
  executionId: string,
  input: ReconcileInput,
): Promise<Execution> {
  const { store, clock, metrics, wakeups } = context;
  const { projectId, requestId } = await loadExecution(context, caller, executionId);
  const request = await loadRequest(context, caller, requestId);
  if (caller.type === "operator") assertMayDecide(caller, request.role);
  else assertOwnRun(request);
  assertEvidence(input);
  for (const field of ["evidence", "result", "error"] as const) {
    assertTold(request, field, input[field]);
  }
  const found = reconciliationOf(caller, input, clock.now());
  const result = await store.executions.reconcile(projectId, executionId, found);
  if (result === undefined) throw executionNotFound();
  if (result.outcome === "lost") throw takenProblem(result.execution);
  if (result.outcome === "settled") {
    metrics.observeExecution(result.execution.status);
    wakeups.notify(request);
  }
  return result.execution;
}

function reconciliationOf(
  caller: ProjectCaller,
  { outcome, evidence, result, error }: ReconcileInput,
  now: number,
): Reconciliation {
  return {
    status: outcome === "committed" ? "COMMITTED" : "FAILED",
    settledBy: actorOf(caller),
    at: now,
    evidence,
    ...(result !== undefined && { result }),
    ...(error !== undefined && { error }),
  };
}

function actorOf(caller: ProjectCaller): WireActor {
  const { id, name } = caller.type === "agent" ? caller.agent : caller.operator;
  return { type: caller.type, id, name };
}

function assertEvidence({ evidence }: ReconcileInput): void {
  if (!isEmptyPatch(evidence)) return;
  const message = "Expected what shows the outcome, got nothing.";
  throw new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `/evidence: ${message} Name the provider's record, for example.`,
    issues: [{ path: "/evidence", message }],
  });
}
