export {
  documentationUrl,
  ERROR_CODES,
  ERROR_TITLES,
  type ErrorCode,
  isErrorCode,
} from "./codes.js";
export {
  API_KEY_PREFIX,
  formatApiKey,
  OPERATOR_TOKEN_PREFIX,
  projectOfApiKey,
} from "./credential.js";
export { type Change, type Diff, diffPayload } from "./diff.js";
export {
  bindingText,
  ENVELOPE_FIELDS,
  type Envelope,
  type EnvelopeBinding,
  type EnvelopeFault,
  type EnvelopeField,
  inspectEnvelope,
  isEnvelope,
} from "./envelope/shape.js";
export { ID_PREFIXES, type IdKind, isId, receiptIdOf } from "./id.js";
export {
  canonicalJson,
  digestJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "./json.js";
export { LIMITS } from "./limits.js";
export { isEmptyPatch } from "./patch.js";
export { escapePointerSegment, formatPointer, parsePointer } from "./pointer.js";
export { type Problem, parseProblem, type ValidationIssue } from "./problem.js";
export { endOfPrefix, isRecordKey, isRecordKeyPrefix } from "./record.js";
export { hashSkeleton, type Skeleton, skeletonOf } from "./skeleton.js";
export {
  canExecutionTransition,
  canTransition,
  EXECUTION_STATUSES,
  type ExecutionStatus,
  isApprovedStatus,
  isFinalStatus,
  isRequestStatus,
  REQUEST_STATUSES,
  type RequestStatus,
} from "./status.js";
export {
  API_KEY_SCOPES,
  type ApiKeyScope,
  BUILT_IN_ROLES,
  PRIORITIES,
  type Priority,
  REQUEST_EVENT_TYPES,
  type RequestEventType,
  WEBHOOK_DELIVERY_STATUSES,
  type WebhookDeliveryStatus,
  type WireActor,
  type WireAgent,
  type WireApiKey,
  type WireApproval,
  type WireClaim,
  type WireCommit,
  type WireCreateObservations,
  type WireCreateRequest,
  type WireCreateState,
  type WireDecision,
  type WireEvent,
  type WireExecution,
  type WireFail,
  type WireGrant,
  type WireIdentity,
  type WireList,
  type WireLoggedReceipt,
  type WireObservation,
  type WireObserve,
  type WireOperator,
  type WireOperatorToken,
  type WireProject,
  type WirePurchasePart,
  type WirePutRecord,
  type WirePutRecords,
  type WireReceipt,
  type WireReceiptContent,
  type WireReconcile,
  type WireRecord,
  type WireRenew,
  type WireRequest,
  type WireRotateSigningKey,
  type WireSigningKey,
  type WireSigningKeys,
  type WireState,
  type WireWebhookDelivery,
  type WireWebhookEndpoint,
  type WireWebhookEvent,
} from "./wire.js";
