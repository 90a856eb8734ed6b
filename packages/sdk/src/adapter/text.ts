import { HoldpointError } from "../core.js";
import type { Decision } from "../requests/decision.js";
import { describeFailure, lines, STOP_ADVICE } from "../tool/text.js";

/** What a model has to know of an approval beside the tool's result; `undefined`: nothing. */
export function describeChange(decision: Decision<unknown>): string | undefined {
  if (!decision.approved) return undefined;
  const comment = decision.reason && `The person's comment: ${decision.reason}`;
  if (decision.status === "APPROVED") return comment || undefined;
  return lines(
    "A person edited the arguments before this ran. It ran with these, and not with the ones you gave:",
    JSON.stringify(decision.approvedPayload),
    `What was changed: ${decision.diffSummary.summary}`,
    JSON.stringify(decision.diffSummary.changes),
    comment || undefined,
  );
}

/** A call that the policy denies, as a text a model can act on alone. */
export function describeDenial(subject: string): string {
  return lines(`STOP: the policy does not allow ${subject}. It did not run.`, STOP_ADVICE);
}

/** A call that waits for a person, as a text a model can act on alone. */
export function describePending(subject: string, { id, url }: { id: string; url: string }): string {
  return lines(
    `PENDING: a person has to decide ${subject} first. It has not run.`,
    `The request is ${id}; it is decided at ${url}`,
    "Do not call it again in another form. Tell the user that it waits for approval.",
  );
}

/**
 * A failure of a gated call, as a text a model can act on alone. Nothing is told of an error that is
 * not Holdpoint's.
 */
export function describeError(subject: string, error: unknown): string {
  if (!HoldpointError.isInstance(error)) return describeFailure(subject, undefined);
  switch (error.code) {
    case "OUTCOME_UNKNOWN":
      return lines(
        `UNKNOWN: ${subject} was begun, and nobody can say whether it had its effect. (OUTCOME_UNKNOWN)`,
        "Do not call it again, in this or another form: it might happen twice. Tell the user that somebody has to look, and go on without its result.",
      );
    case "EXECUTION_FAILED":
      return lines(
        `FAILED: ${subject} was approved, ran, and failed. It is not run again under this approval. (EXECUTION_FAILED)`,
        "Tell the user that it failed. To try again, make a new call, which a person decides anew.",
      );
    default:
      return describeFailure(subject, error);
  }
}
