export type {
  ActionReceipt,
  GateActionsOptions,
  GateOptions,
  GatePolicy,
  PendingCall,
  PerCall,
  ToolCall,
  Verdict,
} from "@holdpoint/sdk/adapter";
export { type ApprovalInput, type HoldpointToolOptions, holdpoint } from "./approval-tool.js";
export { answerApprovals } from "./durable/answer.js";
export {
  type ApprovalQuestion,
  type ApprovalStatus,
  holdpointApproval,
} from "./durable/approval.js";
export { type ParkApprovalsOptions, parkApprovals } from "./durable/park.js";
export {
  type ResumedRun,
  type ResumeFromWebhookOptions,
  resumeFromWebhook,
} from "./durable/resume.js";
export { GatedToolError, toErrorText } from "./errors.js";
export { approvalOf } from "./execute.js";
export { type ActionInput, gateActions } from "./gate-actions.js";
export { gateTools } from "./gate-tools.js";
export type { GateToolsOptions } from "./gating.js";
export { createSpendTools, type SpendInput, type SpendToolsOptions } from "./spend-tools.js";
export type { Tools } from "./tools.js";
