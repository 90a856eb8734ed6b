import { LIMITS } from "@holdpoint/protocol";
import type { claimSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Claim, Execution } from "../../domain/execution.js";
import { takenProblem } from "../../domain/execution-problem.js";
import { assertGrant, grantExpired } from "../../domain/grant.js";
import { authorityFrozen } from "../../domain/identity/problem.js";
import { ProblemError } from "../../domain/problem.js";
import type { ClaimOutcome } from "../../store/verbs/executions.js";
import { loadRequest } from "../load.js";
import { isOverdue } from "./load.js";
import { assertOwnRun } from "./own.js";

export type ClaimInput = z.output<typeof claimSchema>;

/**
 * Consumes the grant of an approved request, once, by compare-and-set. The same claim sent again
 * answers the execution as it stands.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`, `PERMISSION_DENIED` for a call of the gate, `NOT_APPROVED`,
 *   `GRANT_INVALID`, `ARGUMENTS_CHANGED`, `GRANT_EXPIRED`, `EXECUTION_CLAIMED`, `EXECUTION_SETTLED`; `AUTHORITY_FROZEN`; `RESOURCE_CONFLICT` for a
 *   taken id.
 */
export async function claimExecution(
  context: Context,
  caller: AgentCaller,
  requestId: string,
  input: ClaimInput,
): Promise<{ readonly execution: Execution; readonly isNew: boolean }> {
  const request = await loadRequest(context, caller, requestId);
  assertOwnRun(request);
  assertGrant(request, input);
  const result = await consume(context, caller, requestId, input);
  if (result.outcome === "id_taken") throw idTaken();
  if (result.outcome === "frozen") throw authorityFrozen();
  if (result.outcome === "lost") throw refusalOf(result.execution, input);
  const { execution } = result;
  if (result.outcome === "replayed") return { execution, isNew: false };
  context.leases.watch(execution.leaseExpiresAt);
  context.metrics.observeExecution(execution.status);
  context.wakeups.notify(request);
  return { execution, isNew: true };
}

/** Again where a lease was found to be over that nobody had ended yet. */
async function consume(
  { store, clock, leases }: Context,
  caller: AgentCaller,
  requestId: string,
  input: ClaimInput,
): Promise<ClaimOutcome> {
  for (;;) {
    const result = await store.executions.claim(claimOf(caller, requestId, input, clock.now()));
    if (!("execution" in result) || result.execution === undefined) return result;
    if (!isOverdue(result.execution, clock.now())) return result;
    await leases.sweep();
  }
}

function claimOf(caller: AgentCaller, requestId: string, input: ClaimInput, now: number): Claim {
  return {
    id: input.id,
    projectId: caller.projectId,
    requestId,
    agent: caller.agent,
    grantId: input.grant_id,
    approvedDigest: input.approved_digest,
    idempotent: input.idempotent ?? false,
    at: now,
    leaseExpiresAt: now + (input.lease_ms ?? LIMITS.defaultLeaseMs),
  };
}

/** Everything else that a claim could fail of has been checked, and stays as it is. */
function refusalOf(execution: Execution | undefined, { idempotent }: ClaimInput): ProblemError {
  if (execution === undefined) return grantExpired();
  const mayRunAgain = execution.status === "OUTCOME_UNKNOWN" && execution.idempotent;
  return mayRunAgain && idempotent === true ? grantExpired() : takenProblem(execution);
}

function idTaken(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a new execution id; another request's execution has this one. Make a new id for each claim.",
  });
}
