/**
 * Every error code of the wire and of the SDK, with the HTTP status it travels under
 * (`null`: raised on the client only) and whether the same call may succeed later unchanged.
 *
 * Codes are public: removing or renaming one is a breaking change.
 */
export const ERROR_CODES = {
  // Who is asking
  AUTHENTICATION_REQUIRED: { status: 401, retryable: false },
  CREDENTIAL_INVALID: { status: 401, retryable: false },
  PERMISSION_DENIED: { status: 403, retryable: false },
  SCOPE_MISSING: { status: 403, retryable: false },
  ROLE_REQUIRED: { status: 403, retryable: false },
  ORIGIN_NOT_ALLOWED: { status: 403, retryable: false },
  PROJECT_REQUIRED: { status: 400, retryable: false },

  // What is asked
  BODY_MALFORMED: { status: 400, retryable: false },
  VALIDATION_FAILED: { status: 422, retryable: false },
  BODY_TOO_LARGE: { status: 413, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, retryable: false },
  SCHEMA_INVALID: { status: 422, retryable: false },
  PAYLOAD_INVALID: { status: 422, retryable: false },
  PATCH_EMPTY: { status: 422, retryable: false },
  PATCH_INVALID: { status: 422, retryable: false },
  ENVELOPE_INVALID: { status: 422, retryable: false },
  PLAINTEXT_REFUSED: { status: 422, retryable: false },

  // What is there
  ROUTE_NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  REQUEST_NOT_FOUND: { status: 404, retryable: false },
  RESOURCE_NOT_FOUND: { status: 404, retryable: false },
  ALREADY_DECIDED: { status: 409, retryable: false },
  REVISION_CONFLICT: { status: 409, retryable: false },
  REQUEST_ID_CONFLICT: { status: 409, retryable: false },
  RESOURCE_CONFLICT: { status: 409, retryable: false },
  IDEMPOTENCY_CONFLICT: { status: 422, retryable: false },
  IDEMPOTENCY_IN_FLIGHT: { status: 409, retryable: true },

  // Running what was approved
  GRANT_INVALID: { status: 409, retryable: false },
  GRANT_EXPIRED: { status: 409, retryable: false },
  NOT_APPROVED: { status: 409, retryable: false },
  ARGUMENTS_CHANGED: { status: 409, retryable: false },
  EXECUTION_NOT_FOUND: { status: 404, retryable: false },
  EXECUTION_CLAIMED: { status: 409, retryable: false },
  EXECUTION_SETTLED: { status: 409, retryable: false },
  EXECUTION_LEASE_LOST: { status: 409, retryable: false },

  // Parked state
  STATE_NOT_FOUND: { status: 404, retryable: false },
  STATE_NOT_UPLOADED: { status: 409, retryable: false },
  STATE_TOO_LARGE: { status: 413, retryable: false },
  STATE_URL_INVALID: { status: 403, retryable: false },

  // Webhooks and receipts
  WEBHOOK_URL_REFUSED: { status: 422, retryable: false },
  RECEIPT_NOT_FOUND: { status: 404, retryable: false },

  // How much, and whether we can
  RATE_LIMITED: { status: 429, retryable: true },
  INTERNAL: { status: 500, retryable: true },
  UNAVAILABLE: { status: 503, retryable: true },

  // The client's own
  CONFIGURATION_INVALID: { status: null, retryable: false },
  SCHEMA_UNSUPPORTED: { status: null, retryable: false },
  CONNECTION_FAILED: { status: null, retryable: true },
  CONNECTION_TIMEOUT: { status: null, retryable: true },
  RESPONSE_INVALID: { status: null, retryable: false },
  WAIT_TIMEOUT: { status: null, retryable: true },
  ENCRYPTION_KEY_INVALID: { status: null, retryable: false },
  ENCRYPTION_FAILED: { status: null, retryable: false },
  DECRYPTION_KEY_MISSING: { status: null, retryable: false },
  DECRYPTION_FAILED: { status: null, retryable: false },
  CONTENTS_DELETED: { status: null, retryable: false },
  APPROVAL_REQUIRED: { status: null, retryable: true },
  APPROVAL_REJECTED: { status: null, retryable: false },
  APPROVAL_EXPIRED: { status: null, retryable: false },
  APPROVAL_CANCELLED: { status: null, retryable: false },
  OUTCOME_UNKNOWN: { status: null, retryable: false },
  EXECUTION_FAILED: { status: null, retryable: false },
  STATE_KEY_MISSING: { status: null, retryable: false },
  STATE_DAMAGED: { status: null, retryable: false },
  STATE_TRUNCATED: { status: null, retryable: false },
  WEBHOOK_SIGNATURE_INVALID: { status: null, retryable: false },
  WEBHOOK_TIMESTAMP_INVALID: { status: null, retryable: false },
  WEBHOOK_MALFORMED: { status: null, retryable: false },
  RECEIPT_MALFORMED: { status: null, retryable: false },
  RECEIPT_SIGNATURE_INVALID: { status: null, retryable: false },
  RECEIPT_KEY_UNKNOWN: { status: null, retryable: false },
  RECEIPT_KEY_RETIRED: { status: null, retryable: false },
  RECEIPT_PROJECT_WRONG: { status: null, retryable: false },
  RECEIPT_DIGEST_WRONG: { status: null, retryable: false },
  RECEIPT_NOT_INCLUDED: { status: null, retryable: false },
  CHECKPOINT_INVALID: { status: null, retryable: false },
  LOG_FORKED: { status: null, retryable: false },
} as const satisfies Record<string, { status: number | null; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The `title` of each code's problem. Apart from the table, so that clients do not carry it. */
export const ERROR_TITLES: Readonly<Record<ErrorCode, string>> = {
  AUTHENTICATION_REQUIRED: "Sign in or send an API key",
  CREDENTIAL_INVALID: "The credential is not accepted",
  PERMISSION_DENIED: "Not allowed",
  SCOPE_MISSING: "The API key lacks a scope",
  ROLE_REQUIRED: "Another role decides this",
  ORIGIN_NOT_ALLOWED: "Cross-site call refused",
  PROJECT_REQUIRED: "Name the project",
  BODY_MALFORMED: "The body is not JSON",
  VALIDATION_FAILED: "The input is not valid",
  BODY_TOO_LARGE: "The body is too large",
  PAYLOAD_TOO_LARGE: "The payload is too large",
  MEDIA_TYPE_UNSUPPORTED: "Send application/json",
  SCHEMA_INVALID: "The JSON Schema is not usable",
  PAYLOAD_INVALID: "The payload breaks its schema",
  PATCH_EMPTY: "The edited payload is empty",
  PATCH_INVALID: "The edited payload breaks the schema",
  ENVELOPE_INVALID: "The encrypted envelope is broken",
  PLAINTEXT_REFUSED: "Ciphertext is due here",
  ROUTE_NOT_FOUND: "No such route",
  METHOD_NOT_ALLOWED: "No such method on this route",
  REQUEST_NOT_FOUND: "No such request",
  RESOURCE_NOT_FOUND: "No such thing in this project",
  ALREADY_DECIDED: "The request has its answer",
  REVISION_CONFLICT: "The request has changed",
  REQUEST_ID_CONFLICT: "The id is taken",
  RESOURCE_CONFLICT: "This exists already",
  IDEMPOTENCY_CONFLICT: "The idempotency key was used for something else",
  IDEMPOTENCY_IN_FLIGHT: "The same call is under way",
  GRANT_INVALID: "The grant is not this decision's",
  GRANT_EXPIRED: "The grant's time is over",
  NOT_APPROVED: "Nobody has approved this",
  ARGUMENTS_CHANGED: "Not the approved arguments",
  EXECUTION_NOT_FOUND: "No such execution",
  EXECUTION_CLAIMED: "The grant is used",
  EXECUTION_SETTLED: "The execution has its outcome",
  EXECUTION_LEASE_LOST: "The lease ran out",
  STATE_NOT_FOUND: "No such state",
  STATE_NOT_UPLOADED: "The state was never uploaded",
  STATE_TOO_LARGE: "The state is too large",
  STATE_URL_INVALID: "The signed URL is not accepted",
  WEBHOOK_URL_REFUSED: "Webhooks cannot go there",
  RECEIPT_NOT_FOUND: "No such receipt",
  RATE_LIMITED: "Too many calls",
  INTERNAL: "The control plane failed",
  UNAVAILABLE: "The control plane cannot answer now",
  CONFIGURATION_INVALID: "The client is set up wrongly",
  SCHEMA_UNSUPPORTED: "The schema cannot be converted",
  CONNECTION_FAILED: "The control plane is unreachable",
  CONNECTION_TIMEOUT: "The control plane was too slow",
  RESPONSE_INVALID: "The answer is not understood",
  WAIT_TIMEOUT: "Nobody has decided yet",
  ENCRYPTION_KEY_INVALID: "The encryption key is wrong",
  ENCRYPTION_FAILED: "Encryption failed",
  DECRYPTION_KEY_MISSING: "No key opens this",
  DECRYPTION_FAILED: "Decryption failed",
  CONTENTS_DELETED: "What was asked has been deleted",
  APPROVAL_REQUIRED: "A person has to decide first",
  APPROVAL_REJECTED: "A person said no",
  APPROVAL_EXPIRED: "Nobody decided in time",
  APPROVAL_CANCELLED: "The request was taken back",
  OUTCOME_UNKNOWN: "Nobody can say whether it ran",
  EXECUTION_FAILED: "It ran before, and failed",
  STATE_KEY_MISSING: "No key opens this state",
  STATE_DAMAGED: "The state was changed",
  STATE_TRUNCATED: "The state is cut short",
  WEBHOOK_SIGNATURE_INVALID: "The webhook is not signed by this endpoint's secret",
  WEBHOOK_TIMESTAMP_INVALID: "The webhook is too old or from the future",
  WEBHOOK_MALFORMED: "The webhook is not understood",
  RECEIPT_MALFORMED: "The receipt is not understood",
  RECEIPT_SIGNATURE_INVALID: "The receipt's signature is wrong",
  RECEIPT_KEY_UNKNOWN: "The receipt is signed by a key you do not trust",
  RECEIPT_KEY_RETIRED: "The receipt is signed by a retired key",
  RECEIPT_PROJECT_WRONG: "The receipt is another project's",
  RECEIPT_DIGEST_WRONG: "The content is not what the receipt names",
  RECEIPT_NOT_INCLUDED: "The receipt is not in the log",
  CHECKPOINT_INVALID: "The log's checkpoint is not accepted",
  LOG_FORKED: "The log tells two stories",
};

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}

/** The page that explains a code; also the problem's `type`. */
export function documentationUrl(code: ErrorCode): string {
  return `https://github.com/holdpoint/holdpoint/blob/main/docs/reference/errors.md#${code.toLowerCase()}`;
}
