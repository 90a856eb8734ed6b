// For those who write adapters for agent frameworks: what a gate is made of, once for all of them.

export { describeDecision } from "../tool/text.js";
export { createReplayMemory } from "../webhooks/memory.js";
export type {
  ActionAnswer,
  ActionReceipt,
  ActionTool,
  ActionToolCall,
  GateActionsOptions,
} from "./actions/options.js";
export { gateActions } from "./actions/tools.js";
export {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalAnswer,
  type ApprovalCall,
  type ApprovalOptions,
  askForModel,
} from "./approval.js";
export type { Execute, ExecuteContext } from "./asked.js";
export type {
  GatedCall,
  GateOptions,
  GatePolicy,
  PendingCall,
  PerCall,
  ToolCall,
  Verdict,
} from "./call.js";
export { createGate, type Gate, type ResultCodec } from "./gate.js";
export type {
  ClaimedOutcome,
  ClaimedRun,
  ClaimOutcome,
  ClearedOutcome,
  GateOutcome,
  PendingOutcome,
  RanOutcome,
  RefusedOutcome,
} from "./outcome.js";
export { describeSpendFailure, type SpendToolNames } from "./spend/text.js";
export {
  type SpendAnswer,
  type SpendLimits,
  type SpendTool,
  type SpendToolCall,
  type SpendToolsOptions,
  spendTools,
} from "./spend/tools.js";
export { describeChange, describeDenial, describeError, describePending } from "./text.js";
export { createResumeHandler, type ParkedTurn, parkTurn, type ResumeOptions } from "./turn.js";
