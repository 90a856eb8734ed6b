import { LEASE_BUDGET_ID } from "@holdpoint/protocol/gate";
import {
  ActionDeniedError,
  ActionFailedError,
  ApprovalRejectedError,
  ApprovalRequiredError,
  BudgetExhaustedError,
  type HoldpointError,
  OutcomeUnknownError,
} from "../core.js";
import type { GateApproval, GateResult, GateRun } from "./options.js";

/**
 * A success, or the error that the run has ended with.
 *
 * @throws {ActionFailedError} `ACTION_FAILED`. {@link OutcomeUnknownError} `OUTCOME_UNKNOWN`.
 */
export function readRun(run: GateRun): GateResult {
  const { id: requestId, action, executionId, receiptId, outcome, error } = run;
  if (outcome === "success") return { ...run, outcome };
  const about = { requestId, executionId, receiptId };
  const reason = error ? ` ${error.message} (${error.code})` : "";
  if (outcome === "failed") {
    throw new ActionFailedError({
      ...about,
      code: "ACTION_FAILED",
      message: `${action} was run, and had no effect.${reason}`,
      action,
      ...(error && { fault: error.code }),
      ...(error?.status !== undefined && { serviceStatus: error.status }),
    });
  }
  throw new OutcomeUnknownError({
    ...about,
    code: "OUTCOME_UNKNOWN",
    message: `${action} was begun, and nobody can say whether it had its effect.${reason} Find out before it is run under another id.`,
  });
}

/** Sent, and nobody heard how it ended. */
export function outcomeUnknown(
  { id, action }: { readonly id: string; readonly action: string },
  cause: unknown,
): OutcomeUnknownError {
  const message = `${action} was sent to the gate, and no usable answer came, so it may have run. Call it again with this id (${id}) to learn what has become of it: it runs once.`;
  return new OutcomeUnknownError({ code: "OUTCOME_UNKNOWN", message, requestId: id, cause });
}

export function approvalRequired(approval: GateApproval): ApprovalRequiredError {
  const { id, action, url } = approval;
  return new ApprovalRequiredError({
    code: "APPROVAL_REQUIRED",
    message: `A person has to decide on ${action} first, at ${url}. Nothing ran. Wait with gate.approval("${id}"), then pass it as approval to gate.execute.`,
    requestId: id,
    approval,
  });
}

/** Why a call was not run; `undefined`: nobody refused it. */
export function refusalOf(approval: GateApproval): HoldpointError | undefined {
  const { id: requestId, action, status, reason, decidedBy } = approval;
  if (!Object.hasOwn(REFUSALS, status)) return undefined;
  const words = reason ? ` The reason: ${reason}` : "";
  const say = (what: string) => ({ message: `${action} ${what}. Nothing ran.${words}`, requestId });
  if (decidedBy?.type !== "policy") {
    const { code, what } = REFUSALS[status as keyof typeof REFUSALS];
    return new ApprovalRejectedError({ ...say(what), code, approval });
  }
  if (decidedBy.id === LEASE_BUDGET_ID) {
    const what = "was refused, for the budget does not bear it";
    return new BudgetExhaustedError({ ...say(what), code: "LEASE_BUDGET_EXHAUSTED" });
  }
  return new ActionDeniedError({ ...say("was denied by policy"), code: "ACTION_DENIED" });
}

const REFUSALS = {
  REJECTED: { code: "APPROVAL_REJECTED", what: "was rejected" },
  EXPIRED: { code: "APPROVAL_EXPIRED", what: "was not decided in time, which counts as no" },
  CANCELLED: { code: "APPROVAL_CANCELLED", what: "was called off before anybody decided" },
} as const;
