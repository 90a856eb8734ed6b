export type {
  Change,
  Diff,
  ErrorCode,
  ExecutionStatus,
  JsonObject,
  JsonValue,
  Priority,
  RequestStatus,
  ShieldEffect,
  ShieldMode,
  ShieldSignal,
  ValidationIssue,
  WireActor as Actor,
  WireApproval as Approval,
  WireReceipt as Receipt,
} from "@holdpoint/protocol";
export type { ActionCost, ActionEgress, EgressRule, GateFault } from "@holdpoint/protocol/gate";
export type {
  HoldStatus,
  PaymentChallenge,
  PurchaseStatus,
  SpendCheck,
  SpendPolicy,
} from "@holdpoint/protocol/spend";
export {
  AuthenticationError,
  LeaseExpiredError,
  NotConnectedError,
  ReplayDetectedError,
} from "./errors/authentication.js";
export { HoldpointError, type HoldpointErrorDetails } from "./errors/base.js";
export { PaymentChallengeError } from "./errors/challenge.js";
export { ConfigurationError } from "./errors/configuration.js";
export {
  AlreadyDecidedError,
  ConflictError,
  GrantError,
  IdempotencyConflictError,
} from "./errors/conflict.js";
export { ConnectionError } from "./errors/connection.js";
export { DecryptionError, EncryptionError } from "./errors/encryption.js";
export {
  ActionFailedError,
  ApprovalRejectedError,
  ApprovalRequiredError,
  ExecutionFailedError,
  OutcomeUnknownError,
} from "./errors/execution.js";
export { NotFoundError } from "./errors/not-found.js";
export {
  ActionDeniedError,
  BudgetExhaustedError,
  PermissionDeniedError,
} from "./errors/permission.js";
export { RateLimitError } from "./errors/rate-limit.js";
export { ReceiptVerificationError } from "./errors/receipt.js";
export { InvalidResponseError } from "./errors/response.js";
export { type NotPaidDetails, NotPaidError, PurchaseRejectedError } from "./errors/spend.js";
export { UnavailableError } from "./errors/unavailable.js";
export { ValidationError } from "./errors/validation.js";
export { WaitTimeoutError } from "./errors/wait.js";
export { WebhookVerificationError } from "./errors/webhook.js";
export type { Execution } from "./executions/execution.js";
export type {
  ClaimableDecision,
  ClaimOptions,
  Executions,
  GetExecutionOptions,
  HeldExecution,
  Reconciliation,
  RenewOptions,
} from "./executions/options.js";
export type {
  ApprovalOptions,
  ConnectOptions,
  ExecuteOptions,
  Gate,
  GateAction,
  GateApproval,
  GateResult,
  GateRun,
  GateSession,
} from "./gate/options.js";
export { isFullySuccessful } from "./gate/success.js";
export type {
  GuardCall,
  GuardContext,
  GuardedAction,
  GuardedFunction,
  GuardOptions,
} from "./guard/options.js";
export { type DeferredRequest, Holdpoint } from "./holdpoint.js";
export type { CorrectionsOptions } from "./lookups/corrections.js";
export type { FlushOptions, FlushResult, ObservedCall } from "./observations/options.js";
export type { HoldpointOptions, ShieldOptions } from "./options.js";
export type {
  ComparableRequest,
  GatePart,
  Receipts,
  VerifiedProjectReceipt,
  VerifiedReceipt,
  VerifiedRequestReceipt,
  VerifyReceiptOptions,
} from "./receipts/options.js";
export type {
  DeleteRecordsOptions,
  ListedRecord,
  ListRecordsOptions,
  RecordEntry,
  RecordPage,
  Records,
} from "./records/options.js";
export type {
  ApprovedDecision,
  Decision,
  Grant,
  ModifiedDecision,
  RefusedDecision,
} from "./requests/decision.js";
export type {
  AskOptions,
  CallOptions,
  JsonSchema,
  PayloadOf,
  PayloadSchema,
  RequestOptions,
  WaitOptions,
} from "./requests/options.js";
export type { ListRequestsOptions, RequestPage, Requests } from "./requests/requests.js";
export type { BindingPolicy, Budget } from "./spend/binding.js";
export type { Escrow } from "./spend/escrow/escrow.js";
export type {
  DisputeEscrowOptions,
  EscrowPage,
  EscrowPrivateJwk,
  EscrowSigningKey,
  EscrowStepOptions,
  Escrows,
  FulfilEscrowOptions,
  ListEscrowsOptions,
  OpenEscrowOptions,
  VerifiedEscrows,
  VerifyEscrowOptions,
} from "./spend/escrow/options.js";
export type {
  Amount,
  ConfirmOptions,
  GuardPurchaseOptions,
  ListPurchasesOptions,
  PaidPurchase,
  Payment,
  PaymentContext,
  PaymentFunction,
  PurchaseOptions,
  PurchasePage,
  Spend,
  WaitForPurchaseOptions,
} from "./spend/options.js";
export type { Purchase } from "./spend/purchase.js";
export type { PaymentAsset } from "./spend/x402/assets.js";
export type { PaymentClient } from "./spend/x402/client.js";
export type { X402FetchOptions } from "./spend/x402/options.js";
export type {
  LoadedState,
  ParkedState,
  ParkOptions,
  StateData,
  States,
} from "./states/options.js";
export type { HoldpointTool } from "./tool/tool.js";
export type { Correction } from "./views/correction.js";
export type { Identity } from "./views/identity.js";
export type { HoldpointRequest } from "./views/request.js";
export type { ShieldVerdict } from "./views/shield.js";
export type {
  ExecutionEvent,
  MovedMoney,
  PurchaseEvent,
  ReplayMemory,
  RequestCreatedEvent,
  RequestEndorsedEvent,
  RequestResolvedEvent,
  ShieldAnomalyEvent,
  WebhookEvent,
  WebhookHandler,
  WebhookHandlerOptions,
  WebhookHeaders,
  WebhookListener,
  WebhookListeners,
  WebhookSecrets,
  Webhooks,
  WebhookTestEvent,
} from "./webhooks/options.js";
export type {
  AgentPrivateJwk,
  AgentWorkspace,
  CreateAgentWorkspaceOptions,
} from "./workspace/options.js";
export { createAgentWorkspace } from "./workspace/workspace.js";
