import { ERROR_CODES, type ErrorCode, type Problem, parseProblem } from "@holdpoint/protocol";
import { AuthenticationError } from "./authentication.js";
import type { HoldpointError, HoldpointErrorDetails } from "./base.js";
import { AlreadyDecidedError, ConflictError } from "./conflict.js";
import { NotFoundError } from "./not-found.js";
import { PermissionDeniedError } from "./permission.js";
import { RateLimitError } from "./rate-limit.js";
import { InvalidResponseError } from "./response.js";
import { UnavailableError } from "./unavailable.js";
import { ValidationError } from "./validation.js";

/** An error answer as it came: what the one mapper needs to know. */
export interface ErrorResponse {
  readonly status: number;
  /** The parsed body; `undefined` when it was not JSON. */
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
  readonly traceId?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Turns an error answer into the typed error. The only place that maps statuses and codes. */
export function errorFromResponse(response: ErrorResponse): HoldpointError {
  const problem = parseProblem(response.body);
  const code = problem?.code ?? codeOfStatus(response.status);
  return createError(code, problem, {
    code,
    message: problem ? describe(problem) : describeBare(response.status),
    status: response.status,
    retryAfterMs: response.retryAfterMs,
    requestId: response.requestId,
    traceId: problem?.trace_id ?? response.traceId,
    issues: problem?.issues,
  });
}

function createError(
  code: ErrorCode,
  problem: Problem | undefined,
  details: HoldpointErrorDetails,
): HoldpointError {
  if (code === "ALREADY_DECIDED") {
    return new AlreadyDecidedError({ ...details, current: problem?.current });
  }
  switch (ERROR_CODES[code].status) {
    case 401:
      return new AuthenticationError(details);
    case 403:
      return new PermissionDeniedError(details);
    case 404:
    case 405:
      return new NotFoundError(details);
    case 409:
      return new ConflictError(details);
    case 429:
      return new RateLimitError(details);
    case 400:
    case 413:
    case 415:
    case 422:
      return new ValidationError(details);
    case 500:
    case 503:
      return new UnavailableError(details);
    default:
      return new InvalidResponseError({ ...details, code: "RESPONSE_INVALID" });
  }
}

/** For answers without a problem we know: a proxy's, or those of a newer control plane. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "CREDENTIAL_INVALID";
  if (status === 403) return "PERMISSION_DENIED";
  if (status === 404 || status === 410) return "RESOURCE_NOT_FOUND";
  if (status === 409) return "RESOURCE_CONFLICT";
  if (status === 413) return "BODY_TOO_LARGE";
  if (status === 400 || status === 415 || status === 422) return "VALIDATION_FAILED";
  if (status === 429) return "RATE_LIMITED";
  if (status >= 500) return "UNAVAILABLE";
  return "RESPONSE_INVALID";
}

const MESSAGE_LENGTH = 1_000;

function describe({ title, detail, issues }: Problem): string {
  const places = issues?.slice(0, 3).map(({ path, message }) => `${path || "/"}: ${message}`) ?? [];
  return [`${title}: ${detail}`, ...places].join(" ").slice(0, MESSAGE_LENGTH);
}

function describeBare(status: number): string {
  return `Expected an answer of a Holdpoint control plane, got HTTP ${status} without a problem description. Check that the URL leads to Holdpoint and not to something in between.`;
}
