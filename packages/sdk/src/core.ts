// What late-loaded code shares. Every late entry that needs any of the root entry imports it from
// here, and so reaches all of it: a bundler cuts the root wherever one late entry reaches less of it
// than another, and every cut costs bytes. bundle.test.ts counts the pieces.
export {
  canonicalJson,
  diffPayload,
  digestJson,
  EXECUTION_STATUSES,
  formatPointer,
  GATE_VERIFICATIONS,
  hashSkeleton,
  isEnvelope,
  isFinalStatus,
  isId,
  isJsonObject,
  isRecordKey,
  isRecordKeyPrefix,
  isRequestStatus,
  LIMITS,
  PRIORITIES,
  parseProblem,
  REQUEST_EVENT_TYPES,
} from "@holdpoint/protocol";
export { Cipher } from "./encryption/cipher.js";
export { NotConnectedError } from "./errors/authentication.js";
export { HoldpointError } from "./errors/base.js";
export { PaymentChallengeError } from "./errors/challenge.js";
export { ConfigurationError } from "./errors/configuration.js";
export { ConflictError, GrantError, IdempotencyConflictError } from "./errors/conflict.js";
export { ConnectionError } from "./errors/connection.js";
export { DecryptionError, EncryptionError } from "./errors/encryption.js";
export {
  ActionFailedError,
  ApprovalRejectedError,
  ApprovalRequiredError,
  ExecutionFailedError,
  OutcomeUnknownError,
} from "./errors/execution.js";
export { errorFromResponse } from "./errors/from-response.js";
export { NotFoundError } from "./errors/not-found.js";
export {
  ActionDeniedError,
  BudgetExhaustedError,
  PermissionDeniedError,
} from "./errors/permission.js";
export { ReceiptVerificationError } from "./errors/receipt.js";
export { InvalidResponseError, invalidResponse } from "./errors/response.js";
export { NotPaidError, PurchaseRejectedError } from "./errors/spend.js";
export { UnavailableError } from "./errors/unavailable.js";
export { ValidationError } from "./errors/validation.js";
export { WaitTimeoutError } from "./errors/wait.js";
export { WebhookVerificationError } from "./errors/webhook.js";
export { isFullySuccessful } from "./gate/success.js";
export { Holdpoint } from "./holdpoint.js";
export { BATCH_SIZE, type Observed, type Observer, type Sender } from "./observations/observer.js";
export { openPatch, openPayload, readDecision } from "./requests/answer.js";
export { createAndWait } from "./requests/ask.js";
export { cancelRequest, createRequest, fetchRequest } from "./requests/calls.js";
export { invalidInput, requireInteger, requireRequestId } from "./requests/check.js";
export { type Draft, draftRequest } from "./requests/draft.js";
export { createId, formatId } from "./requests/id.js";
export { toJson } from "./requests/json.js";
export { waitForAnswer, waitUntilFinal } from "./requests/wait.js";
export { isActor, isOneOf, isTime, parseRequest } from "./requests/wire.js";
export { checkValue, compileJsonSchema } from "./schema/load.js";
export { describePayload, fingerprintOf, sensitiveIn } from "./shield/describe.js";
export {
  follow,
  isAbortReason,
  race,
  type Signals,
  sleep,
  throwIfAborted,
} from "./transport/abort.js";
export { backoffMs, isRetryable } from "./transport/backoff.js";
export { startDeadline } from "./transport/deadline.js";
export { Transport } from "./transport/transport.js";
