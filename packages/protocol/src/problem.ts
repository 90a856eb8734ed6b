import { type ErrorCode, isErrorCode } from "./codes.js";

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
}

/** Reads an error body; `undefined` when it is not one of ours. */
export function parseProblem(body: unknown): Problem | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { code, detail, title, status } = body as Record<string, unknown>;
  if (!isErrorCode(code) || typeof detail !== "string") return undefined;
  if (typeof title !== "string" || typeof status !== "number") return undefined;
  return body as Problem;
}
