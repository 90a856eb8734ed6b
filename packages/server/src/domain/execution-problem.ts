import type { WireExecution } from "@holdpoint/protocol";
import type { Execution } from "./execution.js";
import { ProblemError } from "./problem.js";

/** An execution as it travels, without what it said. */
export function outlineOf(execution: Execution): WireExecution {
  const { settledAt, settledBy } = execution;
  return {
    id: execution.id,
    request_id: execution.requestId,
    status: execution.status,
    fencing_token: execution.fencingToken,
    idempotent: execution.idempotent,
    claimed_at: new Date(execution.claimedAt).toISOString(),
    lease_expires_at: new Date(execution.leaseExpiresAt).toISOString(),
    ...(settledAt !== undefined && { settled_at: new Date(settledAt).toISOString() }),
    ...(execution.reconciled && { reconciled: true }),
    ...(settledBy !== undefined && { settled_by: settledBy }),
  };
}

export function isSettled({ status }: Execution): boolean {
  return status === "COMMITTED" || status === "FAILED";
}

/** Somebody else has the grant: `EXECUTION_CLAIMED` while it may still end, else `EXECUTION_SETTLED`. */
export function takenProblem(execution: Execution): ProblemError {
  if (isSettled(execution)) return settledProblem(execution);
  return new ProblemError({
    code: "EXECUTION_CLAIMED",
    detail: TAKEN[execution.status === "CLAIMED" ? "CLAIMED" : "OUTCOME_UNKNOWN"],
    currentExecution: outlineOf(execution),
  });
}

const TAKEN = {
  CLAIMED:
    "Expected an execution that nobody runs; this one is being run. Wait for it with GET /v1/executions/{id}?wait_ms=.",
  OUTCOME_UNKNOWN:
    "Expected a grant that nobody has used; it was claimed, and nobody can say whether the action ran. Find out, then reconcile; it is claimed again only where both claims say idempotent: true.",
} as const;

export function settledProblem(execution: Execution): ProblemError {
  return new ProblemError({
    code: "EXECUTION_SETTLED",
    detail: `Expected an execution without its outcome; this one is ${execution.status} and stays so. Read it for its result.`,
    currentExecution: outlineOf(execution),
  });
}

/** Whoever calls no longer holds the lease, or never did. */
export function leaseLostProblem(execution: Execution, fencingToken: number): ProblemError {
  if (isSettled(execution) && execution.fencingToken === fencingToken) {
    return settledProblem(execution);
  }
  return new ProblemError({
    code: "EXECUTION_LEASE_LOST",
    detail: `Expected fencing token ${execution.fencingToken} and a running lease, got token ${fencingToken} on an execution that is ${execution.status}. Do not run the action; if it has run, reconcile with what shows it.`,
    currentExecution: outlineOf(execution),
  });
}

export function executionNotFound(): ProblemError {
  return new ProblemError({
    code: "EXECUTION_NOT_FOUND",
    detail:
      "Expected the id of an execution that this credential can see. Check the id, the project and the agent.",
  });
}
