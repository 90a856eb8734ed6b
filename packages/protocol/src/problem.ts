import { documentationUrl, type ErrorCode, isErrorCode } from "./codes.js";
import type { WireExecution } from "./wire.js";

/** One thing that is wrong with the input: where, and what was expected. */
export interface ValidationIssue {
  /** JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter. */
  readonly path: string;
  readonly message: string;
}

/**
 * The body of every error answer, `application/problem+json`.
 *
 * @see RFC 9457
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** Names the call in the server's log. */
  readonly trace_id?: string;
  readonly issues?: readonly ValidationIssue[];
  /** With `ALREADY_DECIDED`: the answer that won, and who gave it. */
  readonly current?: {
    readonly status: string;
    readonly revision: number;
    readonly decided_by?: { readonly type: string; readonly id: string; readonly name?: string };
  };
  /** With `EXECUTION_*`: the run that there is, without what it said. */
  readonly current_execution?: WireExecution;
}

/**
 * Reads an error body; `undefined` when it is not one of ours. Optional members that are not
 * shaped as promised are left out.
 */
export function parseProblem(body: unknown): Problem | undefined {
  if (!isRecord(body)) return undefined;
  const { type, code, detail, title, status, trace_id, issues, current, current_execution } = body;
  if (!isErrorCode(code) || typeof detail !== "string") return undefined;
  if (typeof title !== "string" || typeof status !== "number") return undefined;
  return {
    type: typeof type === "string" ? type : documentationUrl(code),
    title,
    status,
    detail,
    code,
    ...(typeof trace_id === "string" && { trace_id }),
    ...(Array.isArray(issues) && { issues: issues.filter(isIssue) }),
    ...(isCurrent(current) && { current }),
    ...(isExecution(current_execution) && { current_execution }),
  };
}

function isIssue(value: unknown): value is ValidationIssue {
  return isRecord(value) && typeof value.path === "string" && typeof value.message === "string";
}

function isCurrent(value: unknown): value is NonNullable<Problem["current"]> {
  if (!isRecord(value) || typeof value.status !== "string") return false;
  const { revision, decided_by: decider } = value;
  if (typeof revision !== "number") return false;
  if (decider === undefined) return true;
  return isRecord(decider) && typeof decider.type === "string" && typeof decider.id === "string";
}

function isExecution(value: unknown): value is WireExecution {
  if (!isRecord(value) || typeof value.fencing_token !== "number") return false;
  return typeof value.id === "string" && typeof value.status === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
