import type { ErrorCode, Problem } from "@holdpoint/protocol";
import { ERROR_CODES, parseProblem } from "@holdpoint/protocol/core";
import { AuthenticationError, LeaseExpiredError, ReplayDetectedError } from "./authentication.js";
import type { HoldpointError, HoldpointErrorDetails } from "./base.js";
import {
  AlreadyDecidedError,
  ConflictError,
  GrantError,
  IdempotencyConflictError,
} from "./conflict.js";
import { NotFoundError } from "./not-found.js";
import { ActionDeniedError, BudgetExhaustedError, PermissionDeniedError } from "./permission.js";
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
  return createError(problem, {
    code,
    message: problem ? describe(problem) : describeBare(response.status),
    status: response.status,
    retryAfterMs: response.retryAfterMs,
    requestId: response.requestId,
    traceId: problem?.trace_id ?? response.traceId,
    issues: problem?.issues,
  });
}

/** The class a caller catches, by the status its code travels under. */
const CLASSES: Readonly<Record<number, new (details: HoldpointErrorDetails) => HoldpointError>> = {
  400: ValidationError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  405: NotFoundError,
  409: ConflictError,
  413: ValidationError,
  415: ValidationError,
  422: ValidationError,
  429: RateLimitError,
  500: UnavailableError,
  503: UnavailableError,
};

/** Where a caller would do something else than its status says. */
const CLASSES_BY_CODE: Partial<Record<ErrorCode, (typeof CLASSES)[number]>> = {
  IDEMPOTENCY_CONFLICT: IdempotencyConflictError,
  GRANT_INVALID: GrantError,
  GRANT_EXPIRED: GrantError,
  NOT_APPROVED: GrantError,
  ARGUMENTS_CHANGED: GrantError,
  LEASE_EXPIRED: LeaseExpiredError,
  REPLAY_DETECTED: ReplayDetectedError,
  LEASE_BUDGET_EXHAUSTED: BudgetExhaustedError,
  ACTION_DENIED: ActionDeniedError,
};

/** For answers without a problem we know: a proxy's, or those of a newer control plane. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "VALIDATION_FAILED",
  401: "CREDENTIAL_INVALID",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_NOT_FOUND",
  409: "RESOURCE_CONFLICT",
  410: "RESOURCE_NOT_FOUND",
  413: "BODY_TOO_LARGE",
  415: "MEDIA_TYPE_UNSUPPORTED",
  422: "VALIDATION_FAILED",
  429: "RATE_LIMITED",
};

function codeOfStatus(status: number): ErrorCode {
  return CODES[status] ?? (status >= 500 ? "UNAVAILABLE" : "RESPONSE_INVALID");
}

function createError(problem: Problem | undefined, details: HoldpointErrorDetails): HoldpointError {
  if (details.code === "ALREADY_DECIDED") {
    return new AlreadyDecidedError({ ...details, current: problem?.current });
  }
  const { code } = details;
  const Class = CLASSES_BY_CODE[code] ?? CLASSES[ERROR_CODES[code].status ?? 0];
  return Class
    ? new Class(details)
    : new InvalidResponseError({ ...details, code: "RESPONSE_INVALID" });
}

const MESSAGE_LENGTH = 1_000;

function describe({ title, detail, issues }: Problem): string {
  const places = issues?.slice(0, 3).map(({ path, message }) => `${path || "/"}: ${message}`) ?? [];
  return [`${title}: ${detail}`, ...places].join(" ").slice(0, MESSAGE_LENGTH);
}

function describeBare(status: number): string {
  return `Expected an answer of a Holdpoint control plane, got HTTP ${status} without a problem description. Check that HOLDPOINT_URL leads straight to Holdpoint.`;
}
