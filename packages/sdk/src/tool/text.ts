import type { ErrorCode, ValidationIssue } from "@holdpoint/protocol";
import type { Decision } from "../requests/decision.js";

/** The answer as a text a model can act on alone. */
export function describeDecision(subject: string, decision: Decision<unknown>): string {
  switch (decision.status) {
    case "APPROVED":
      return lines(
        `APPROVED: ${subject} may run once, with exactly this payload:`,
        JSON.stringify(decision.approvedPayload),
        comment(decision.reason),
      );
    case "APPROVED_WITH_MODIFICATIONS":
      return lines(
        `APPROVED WITH CHANGES: a person edited the payload of ${subject}. It may run once, with exactly this edited payload and not the one you proposed:`,
        JSON.stringify(decision.approvedPayload),
        `What was changed: ${decision.diffSummary.summary}`,
        JSON.stringify(decision.diffSummary.changes),
        comment(decision.reason),
      );
    case "REJECTED":
      return stop(
        `a person rejected ${subject}.`,
        decision.reason ? `The person's reason: ${decision.reason}` : "No reason was given.",
      );
    case "EXPIRED":
      return stop(`nobody decided ${subject} in time, which counts as no.`);
    case "CANCELLED":
      return stop(`the request for ${subject} was cancelled before anybody decided.`);
  }
}

/** What to do after a no. Models retry what they are not told to leave. */
export const STOP_ADVICE =
  "Do not retry this action, in this or another form. Go on without it, or tell the user what was refused and why.";

/** What may be told of an error. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly issues?: readonly ValidationIssue[];
}

/** A failure as a text a model can act on alone. Nothing is told of an unexpected one. */
export function describeFailure(subject: string, failure: Failure | undefined): string {
  return lines(
    `ERROR: there is no approval for ${subject}, so do not run it.`,
    `What failed: ${failure ? `${failure.message} (${failure.code})` : "an unexpected error."}`,
    `What to do: ${advise(failure)}`,
  );
}

function stop(what: string, reason?: string): string {
  return lines(`STOP: ${what} Do not run it.`, reason, STOP_ADVICE);
}

function advise(failure: Failure | undefined): string {
  const issues = failure?.issues ?? [];
  if (issues.length > 0) {
    const places = issues.map(({ path, message }) => `${path || "/"}: ${message}`);
    return `correct the input (${places.join(" ")}) and ask again.`;
  }
  if (failure?.retryable) {
    return "the failure may pass. Ask again once, later; if it fails again, tell the user that approvals cannot be had at the moment.";
  }
  return "asking again will not help. Tell the user that approvals do not work and pass on what failed.";
}

function comment(reason: string | undefined): string | undefined {
  return reason ? `The person's comment: ${reason}` : undefined;
}

/** Joins the lines there are. */
export function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("\n");
}
