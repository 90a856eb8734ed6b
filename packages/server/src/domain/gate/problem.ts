import { receiptIdOf, type ValidationIssue } from "@holdpoint/protocol";
import { conflictOf } from "../conflict.js";
import { ProblemError } from "../problem.js";
import type { Request } from "../request.js";
import type { GateCall } from "./call.js";

export function actionNotFound(): ProblemError {
  return new ProblemError({
    code: "ACTION_NOT_FOUND",
    detail:
      "Expected the id of an action that this project has in use. GET /v1/actions lists those you may use.",
  });
}

export function actionScopeMissing(actionId: string, scopes: readonly string[]): ProblemError {
  return new ProblemError({
    code: "SCOPE_MISSING",
    detail: `Expected a lease with the scope gate or actions:${actionId}, got ${scopes.join(", ")}. Get a lease with it.`,
  });
}

/** It was taken out of use after a person was asked. */
export function actionWithdrawn(): ProblemError {
  return new ProblemError({
    code: "ACTION_WITHDRAWN",
    detail:
      "Expected an action that is still in use; it was withdrawn after this call was asked for. Nothing was run: ask for another.",
  });
}

export function parametersMissing(): ProblemError {
  const message = "Expected the parameters: only a call that waits already has them.";
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `/parameters: ${message}`,
    issues: [{ path: "/parameters", message }],
  });
}

/** What an action costs is read from a parameter that does not say it. */
export function costMissing(pointer: string): ProblemError {
  const issue: ValidationIssue = {
    path: `/parameters${pointer}`,
    message: "Expected a whole number of minor units, 0 or more: the cost of the call.",
  };
  return new ProblemError({
    code: "PARAMETERS_INVALID",
    detail: `${issue.path}: ${issue.message}`,
    issues: [issue],
  });
}

/** Other parameters than the id was first sent with, or was approved for. */
export function parametersChanged(): ProblemError {
  return new ProblemError({
    code: "ARGUMENTS_CHANGED",
    detail:
      "Expected the parameters this call was asked with, got others. Leave them out to run what was approved, or make a new id for a new call.",
  });
}

export function callIdConflict(): ProblemError {
  return new ProblemError({
    code: "REQUEST_ID_CONFLICT",
    detail:
      "Expected a new id, or exactly the call it was first sent with. Make a new id for a new call.",
  });
}

/** It was decided against, or nobody decided. */
export function callNotApproved(request: Request): ProblemError {
  const { current } = conflictOf(request);
  return new ProblemError({
    code: "NOT_APPROVED",
    detail: `Expected a call that is approved; this one is ${request.status}. Nothing was run.`,
    ...(current && { current }),
  });
}

export function actionDenied({ request }: GateCall): ProblemError {
  return new ProblemError({
    code: "ACTION_DENIED",
    detail: `Expected a call that policy lets through; it denies this one. Nothing was run. ${evidenceOf(request)}`,
  });
}

/** @param request - Where it was made and refused for this. */
export function leaseBudgetExhausted(request?: Request): ProblemError {
  const detail =
    "Expected a call that the budget of the session and of the agent's day bear, in calls and in cost; one of them does not. Nothing was run.";
  return new ProblemError({
    code: "LEASE_BUDGET_EXHAUSTED",
    detail: request === undefined ? detail : `${detail} ${evidenceOf(request)}`,
  });
}

/** The agent speaks for executions of its own, not for those of the gate. */
export function gateRunsIt(): ProblemError {
  return new ProblemError({
    code: "PERMISSION_DENIED",
    detail:
      "Expected an execution of your own; the gate runs this one, and says itself what becomes of it. Use POST /v1/actions/{id}/execute.",
  });
}

/** A run is let in for as long as closing waits for those under way. */
export function gateClosing(): ProblemError {
  return new ProblemError({
    code: "UNAVAILABLE",
    detail: "Expected a control plane that stays; this one is closing. Try again shortly.",
    headers: { "Retry-After": "1" },
  });
}

/** Where a stranger finds that it was refused. */
function evidenceOf({ id, resolutionEventId }: Request): string {
  const receipt =
    resolutionEventId === undefined ? "" : `, receipt ${receiptIdOf(resolutionEventId)}`;
  return `Request ${id}${receipt}.`;
}
