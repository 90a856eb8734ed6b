import {
  documentationUrl,
  ERROR_CODES,
  ERROR_TITLES,
  type ErrorCode,
  type Problem,
} from "@holdpoint/protocol";
import { ProblemError } from "../domain/problem.js";
import { InvalidCursorError, StoreError } from "../store/errors.js";
import { describeError, type Logger } from "./log.js";

/**
 * The one place that turns anything thrown into a problem. What is not recognised becomes
 * `INTERNAL`: the details go to the log under the trace id, nothing of them goes out.
 */
export function problemOf(error: unknown, traceId: string, log: Logger): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidCursorError) {
    const message = "Expected a cursor from next_cursor of the same list, got another text.";
    return new ProblemError({
      code: "VALIDATION_FAILED",
      detail: message,
      issues: [{ path: "?cursor", message }],
    });
  }
  if (error instanceof StoreError && error.code === "STORE_CLOSED") return closing();
  if (error instanceof StoreError && error.code === "STORE_UNAVAILABLE") {
    log.warn({ trace_id: traceId, reason: error.message }, "the database does not answer");
    return unreachable();
  }
  log.error({ trace_id: traceId, err: describeError(error) }, "unexpected failure");
  return new ProblemError({
    code: "INTERNAL",
    detail: `The control plane failed. Try again; if it stays, look for ${traceId} in its log.`,
  });
}

function closing(): ProblemError {
  return new ProblemError({
    code: "UNAVAILABLE",
    detail: "Expected a control plane that stays; this one is closing. Try again shortly.",
    headers: { "Retry-After": "1" },
  });
}

function unreachable(): ProblemError {
  return new ProblemError({
    code: "UNAVAILABLE",
    detail:
      "Expected the database to answer, but it does not. Send the same again shortly: it is done once, whether or not it was this time.",
    headers: { "Retry-After": "1" },
  });
}

/** The body of a problem answer. */
export function problemBody(problem: ProblemError, traceId: string): Problem {
  const title = ERROR_TITLES[problem.code];
  return {
    type: documentationUrl(problem.code),
    title,
    status: statusOf(problem.code),
    detail: problem.message,
    code: problem.code,
    trace_id: traceId,
    ...(problem.issues && { issues: problem.issues }),
    ...(problem.current && { current: problem.current }),
    ...(problem.currentExecution && { current_execution: problem.currentExecution }),
  };
}

export function statusOf(code: ErrorCode): number {
  return ERROR_CODES[code].status ?? 500;
}
