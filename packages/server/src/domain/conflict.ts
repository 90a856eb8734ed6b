import { isFinalStatus } from "@holdpoint/protocol";
import { ProblemError } from "./problem.js";
import type { Request } from "./request.js";

/** Says who won: `ALREADY_DECIDED` on a final request, `REVISION_CONFLICT` on a pending one. */
export function conflictOf(request: Request): ProblemError {
  const current = {
    status: request.status,
    revision: request.revision,
    ...(request.decidedBy && { decided_by: request.decidedBy }),
  };
  if (!isFinalStatus(request.status)) {
    return new ProblemError({
      code: "REVISION_CONFLICT",
      detail: `Expected revision ${request.revision}. Read the request again and decide on what it says now.`,
      current,
    });
  }
  return new ProblemError({
    code: "ALREADY_DECIDED",
    detail: `Expected a pending request; this one is ${request.status} and stays so.`,
    current,
  });
}

/** Says that what was made from one revision does not fit what another has made of it. */
export function staleBase(base: number, current: number): ProblemError {
  return new ProblemError({
    code: "REVISION_CONFLICT",
    detail: `Expected the revision in force as base_revision, which is ${current}; got ${base}. Read it, take over what has changed, and set that.`,
  });
}
