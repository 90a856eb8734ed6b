import type { ErrorCode, Problem, ValidationIssue } from "@holdpoint/protocol";

/** A failure with a code of the wire. Everything the server refuses, it refuses with one of these. */
export class ProblemError extends Error {
  override readonly name = "ProblemError" as const;
  readonly code: ErrorCode;
  readonly issues: readonly ValidationIssue[] | undefined;
  readonly current: Problem["current"];
  readonly currentExecution: Problem["current_execution"];
  /** Extra answer headers, for example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param details.detail What was expected, what came, what to do. Never a secret or a payload. */
  constructor(details: {
    readonly code: ErrorCode;
    readonly detail: string;
    readonly issues?: readonly ValidationIssue[];
    readonly current?: Problem["current"];
    readonly currentExecution?: Problem["current_execution"];
    readonly headers?: Readonly<Record<string, string>>;
  }) {
    super(details.detail);
    this.code = details.code;
    this.issues = details.issues;
    this.current = details.current;
    this.currentExecution = details.currentExecution;
    this.headers = details.headers ?? {};
  }
}
