import { type ErrorCode, type Problem, parseProblem } from "@holdpoint/protocol";

/** What went wrong with a call to the control plane. `message` is fit to be shown. */
export class ServerError extends Error {
  override readonly name = "ServerError" as const;
  readonly code: ErrorCode;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(fields: { code: ErrorCode; status: number; message: string; problem?: Problem }) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status;
    this.problem = fields.problem;
  }
}

export function isServerError(
  error: unknown,
  ...codes: readonly ErrorCode[]
): error is ServerError {
  return error instanceof ServerError && (codes.length === 0 || codes.includes(error.code));
}

/** Reads an answer that is not 2xx. */
export function serverErrorOf(status: number, body: unknown): ServerError {
  const problem = parseProblem(body);
  if (problem)
    return new ServerError({ code: problem.code, status, message: problem.detail, problem });
  const code =
    status === 401 ? "AUTHENTICATION_REQUIRED" : status >= 500 ? "UNAVAILABLE" : "RESPONSE_INVALID";
  return new ServerError({ code, status, message: `The control plane answered ${status}.` });
}

/** One sentence for a person, whatever was thrown. */
export function explainError(error: unknown): string {
  return error instanceof Error ? error.message : "Something failed that has no name.";
}
