/**
 * Every error code of the wire and of the SDK, with the HTTP status it travels under
 * (`null`: raised on the client only) and whether the same call may succeed later unchanged.
 *
 * Codes are public: removing or renaming one is a breaking change.
 */
export const ERROR_CODES = {
  // Who is asking
  AUTHENTICATION_REQUIRED: { status: 401, retryable: false, title: "Sign in or send an API key" },
  CREDENTIAL_INVALID: { status: 401, retryable: false, title: "The credential is not accepted" },
  PERMISSION_DENIED: { status: 403, retryable: false, title: "Not allowed" },
  SCOPE_MISSING: { status: 403, retryable: false, title: "The API key lacks a scope" },
  ROLE_REQUIRED: { status: 403, retryable: false, title: "Another role decides this" },
  ORIGIN_NOT_ALLOWED: { status: 403, retryable: false, title: "Cross-site call refused" },
  PROJECT_REQUIRED: { status: 400, retryable: false, title: "Name the project" },

  // What is asked
  BODY_MALFORMED: { status: 400, retryable: false, title: "The body is not JSON" },
  VALIDATION_FAILED: { status: 422, retryable: false, title: "The input is not valid" },
  BODY_TOO_LARGE: { status: 413, retryable: false, title: "The body is too large" },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, title: "The payload is too large" },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, retryable: false, title: "Send application/json" },
  SCHEMA_INVALID: { status: 422, retryable: false, title: "The JSON Schema is not usable" },
  PAYLOAD_INVALID: { status: 422, retryable: false, title: "The payload breaks its schema" },
  PATCH_EMPTY: { status: 422, retryable: false, title: "The edited payload is empty" },
  PATCH_INVALID: { status: 422, retryable: false, title: "The edited payload breaks the schema" },
  ENVELOPE_INVALID: { status: 422, retryable: false, title: "The encrypted envelope is broken" },
  PLAINTEXT_REFUSED: { status: 422, retryable: false, title: "Ciphertext is due here" },

  // What is there
  ROUTE_NOT_FOUND: { status: 404, retryable: false, title: "No such route" },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: "No such method on this route" },
  REQUEST_NOT_FOUND: { status: 404, retryable: false, title: "No such request" },
  RESOURCE_NOT_FOUND: { status: 404, retryable: false, title: "No such thing in this project" },
  ALREADY_DECIDED: { status: 409, retryable: false, title: "The request has its answer" },
  REVISION_CONFLICT: { status: 409, retryable: false, title: "The request has changed" },
  REQUEST_ID_CONFLICT: { status: 409, retryable: false, title: "The id is taken" },
  RESOURCE_CONFLICT: { status: 409, retryable: false, title: "This exists already" },

  // How much, and whether we can
  RATE_LIMITED: { status: 429, retryable: true, title: "Too many calls" },
  INTERNAL: { status: 500, retryable: true, title: "The control plane failed" },
  UNAVAILABLE: { status: 503, retryable: true, title: "The control plane cannot answer now" },

  // The client's own
  CONFIGURATION_INVALID: { status: null, retryable: false, title: "The client is set up wrongly" },
  SCHEMA_UNSUPPORTED: { status: null, retryable: false, title: "The schema cannot be converted" },
  CONNECTION_FAILED: { status: null, retryable: true, title: "The control plane is unreachable" },
  CONNECTION_TIMEOUT: { status: null, retryable: true, title: "The control plane was too slow" },
  RESPONSE_INVALID: { status: null, retryable: false, title: "The answer is not understood" },
  WAIT_TIMEOUT: { status: null, retryable: true, title: "Nobody has decided yet" },
  ENCRYPTION_KEY_INVALID: { status: null, retryable: false, title: "The encryption key is wrong" },
  ENCRYPTION_FAILED: { status: null, retryable: false, title: "Encryption failed" },
  DECRYPTION_KEY_MISSING: { status: null, retryable: false, title: "No key opens this" },
  DECRYPTION_FAILED: { status: null, retryable: false, title: "Decryption failed" },
} as const satisfies Record<string, { status: number | null; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}

/** The page that explains a code; also the problem's `type`. */
export function documentationUrl(code: ErrorCode): string {
  return `https://github.com/holdpoint/holdpoint/blob/main/docs/reference/errors.md#${code.toLowerCase()}`;
}
