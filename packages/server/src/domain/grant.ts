import { isApprovedStatus } from "@holdpoint/protocol";
import { conflictOf } from "./conflict.js";
import { ProblemError } from "./problem.js";
import type { Grant, Request } from "./request.js";

/** What a claim says it may run. */
export interface PresentedGrant {
  readonly grant_id: string;
  readonly approved_digest: string;
}

/**
 * Holds a claim against the decision: was it approved, is this its grant, are these the arguments.
 * Whether the grant is used or over is decided when it is consumed.
 *
 * @throws {ProblemError} `NOT_APPROVED`, `GRANT_INVALID`, `ARGUMENTS_CHANGED`.
 */
export function assertGrant(request: Request, presented: PresentedGrant): Grant {
  if (!isApprovedStatus(request.status)) throw notApproved(request);
  const { grant, approvedDigest } = request;
  if (grant === undefined || grant.id !== presented.grant_id) throw grantInvalid(grant);
  if (approvedDigest !== presented.approved_digest) throw argumentsChanged();
  return grant;
}

function notApproved(request: Request): ProblemError {
  const { current } = conflictOf(request);
  return new ProblemError({
    code: "NOT_APPROVED",
    detail: `Expected an approved request; this one is ${request.status}. Run nothing.`,
    ...(current && { current }),
  });
}

function grantInvalid(grant: Grant | undefined): ProblemError {
  return new ProblemError({
    code: "GRANT_INVALID",
    detail:
      grant === undefined
        ? "Expected a decision with a grant; this one was made before there were grants. Ask again."
        : "Expected the grant of this request's decision, got another. Read the request and use the grant it carries.",
  });
}

function argumentsChanged(): ProblemError {
  return new ProblemError({
    code: "ARGUMENTS_CHANGED",
    detail:
      "Expected the digest of the approved arguments, got another. Run exactly what was approved, or ask again for what you would run.",
  });
}

export function grantExpired(): ProblemError {
  return new ProblemError({
    code: "GRANT_EXPIRED",
    detail:
      "Expected a grant whose time is not over. What was approved then may no longer be right now: ask again.",
  });
}
