import {
  ApprovalRejectedError,
  ApprovalRequiredError,
  type ErrorCode,
  HoldpointError,
  type RefusedDecision,
} from "@holdpoint/sdk";
import { describeError, type PendingOutcome, type RefusedOutcome } from "@holdpoint/sdk/adapter";

/**
 * A gated call without a result, for a failure. `message` is what the model reads; `cause` is what
 * failed, and `code` is its code. Nothing of it ran, unless `code` is `OUTCOME_UNKNOWN`,
 * `EXECUTION_FAILED` or `ACTION_FAILED`, which tell of a run that was begun.
 */
export class GatedToolError extends HoldpointError {
  static override readonly kind: string = "GatedToolError";
}

/** @param subject - How people and models read the call. */
export function gatedToolError(subject: string, cause: unknown): GatedToolError {
  const message = describeError(subject, cause);
  if (!HoldpointError.isInstance(cause)) {
    // Only the callbacks in the gate's options run beside our own code.
    return readable(new GatedToolError({ code: "CONFIGURATION_INVALID", message, cause }));
  }
  return actionError(message, cause);
}

/** @param message - What the model reads. */
export function actionError(message: string, cause: HoldpointError): GatedToolError {
  const { code, status, retryAfterMs, requestId, traceId } = cause;
  const details = { code, status, retryAfterMs, requestId, traceId };
  return readable(new GatedToolError({ ...details, message, cause }));
}

/**
 * Of a thrown error ai 6 tells its model the message, ai 7 what it is as a text. In both it is to
 * begin with the word that says what to do.
 */
function readable<Failure extends Error>(error: Failure): Failure {
  return Object.defineProperty(error, "toString", { value: () => error.message });
}

const REFUSALS: Readonly<Record<RefusedDecision<unknown>["status"], ErrorCode>> = {
  REJECTED: "APPROVAL_REJECTED",
  EXPIRED: "APPROVAL_EXPIRED",
  CANCELLED: "APPROVAL_CANCELLED",
};

/** The person's or the policy's no, with what the model reads as its message. */
export function refusedError({ decision, text }: RefusedOutcome): ApprovalRejectedError {
  const message = text;
  if (!decision) return readable(new ApprovalRejectedError({ code: "NOT_APPROVED", message }));
  const { id: requestId, status } = decision;
  const details = { code: REFUSALS[status], message, requestId, decision };
  return readable(new ApprovalRejectedError(details));
}

export function pendingError({ id, url, text }: PendingOutcome): ApprovalRequiredError {
  return new ApprovalRequiredError({
    code: "APPROVAL_REQUIRED",
    message: text,
    requestId: id,
    url,
  });
}

const READABLE = [GatedToolError, ApprovalRejectedError, ApprovalRequiredError];

/**
 * For `onError` of `toUIMessageStream…`, which hides the text of errors from the browser, and so
 * from the model when the messages come back: what gated tools say is let through, for it is made
 * to be read by models. All else stays hidden.
 */
export function toErrorText(error: unknown): string {
  const isMadeForModels = READABLE.some((each) => each.isInstance(error));
  return isMadeForModels ? (error as Error).message : "An error occurred.";
}
