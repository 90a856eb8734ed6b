import {
  ConnectionError,
  type HoldpointError,
  UnavailableError,
  ValidationError,
} from "../../core.js";
import type { GateApproval, GateResult } from "../../gate/options.js";
import { lines, STOP_ADVICE } from "../../tool/text.js";

/** A success as a text a model can act on alone: the output itself, where its effect is there. */
export function describeResult(action: string, result: GateResult): string {
  const { output, verification, fullySuccessful } = result;
  const text = output === undefined ? undefined : JSON.stringify(output);
  if (fullySuccessful) {
    return text ?? `DONE: ${action} ran with success. It gives back no output.`;
  }
  return lines(
    `UNVERIFIED: ${action} ran, but its effect could not be confirmed${verification.detail ? `: ${verification.detail}` : "."}`,
    "Do not call it again for that: it might happen twice. Tell the user that somebody should look.",
    text && `Its output: ${text}`,
  );
}

/** A call that waits for a person. */
export function describeHeld(action: string, { url, expiresAt }: GateApproval): string {
  return lines(
    `WAIT: a person has to decide on ${action} first. It has not run.`,
    `It is decided at ${url}, until ${expiresAt.toISOString()}.`,
    "Tell the user that it waits for approval. To see whether it may run by now, call it again later with exactly the same arguments; do not call it in another form.",
  );
}

/**
 * A failure as a text a model can act on alone.
 *
 * @param mayHaveRun - Whether no answer can mean that it ran all the same.
 */
export function describeActionFailure(
  action: string,
  error: HoldpointError,
  mayHaveRun: boolean,
): string {
  switch (error.code) {
    case "ACTION_DENIED":
      return lines(
        `STOP: the policy does not allow ${action} with these arguments. It did not run.`,
        STOP_ADVICE,
      );
    case "APPROVAL_REJECTED":
    case "APPROVAL_EXPIRED":
    case "APPROVAL_CANCELLED":
      return lines(`STOP: ${error.message}`, STOP_ADVICE);
    case "LEASE_BUDGET_EXHAUSTED":
      return lines(
        `STOP: there is no budget left for ${action}. It did not run.`,
        "Do not call it again, whole or in parts. Tell the user that the budget is used up.",
      );
    case "AUTHORITY_FROZEN":
      return lines(
        "STOP: a person has stopped everything that this agent may do. It did not run.",
        "Do not call this or another action. Tell the user that all authority is frozen.",
      );
    case "ACTION_FAILED":
      return lines(
        `FAILED: ${error.message}`,
        "Correct the arguments where they are the cause, and call it once more; otherwise tell the user what failed.",
      );
    case "OUTCOME_UNKNOWN":
      return describeUnknown(action);
    default:
      if (mayHaveRun && isUnanswered(error)) return describeUnknown(action);
      return lines(
        `ERROR: ${action} did not run.`,
        `What failed: ${error.message} (${error.code})`,
        `What to do: ${advise(error)}`,
      );
  }
}

function describeUnknown(action: string): string {
  return lines(
    `UNKNOWN: ${action} was begun, and nobody can say whether it had its effect.`,
    "Do not call it again, in this or another form: it might happen twice. Tell the user that somebody has to look, and go on without its result.",
  );
}

/** Whether nobody can say if it ran. */
export function isUnknown(error: HoldpointError): boolean {
  return error.code === "OUTCOME_UNKNOWN" || isUnanswered(error);
}

function isUnanswered(error: HoldpointError): boolean {
  return error instanceof ConnectionError || error instanceof UnavailableError;
}

function advise(error: HoldpointError): string {
  const issues = error instanceof ValidationError ? error.issues : [];
  if (issues.length > 0) {
    const places = issues.map(({ path, message }) => `${path || "/"}: ${message}`);
    return `correct the arguments (${places.join(" ")}) and call it again.`;
  }
  if (error.retryable) {
    return "the failure may pass. Call it again once, later; if it fails again, tell the user that actions cannot be run at the moment.";
  }
  return "calling it again will not help. Tell the user what failed.";
}
