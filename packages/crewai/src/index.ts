export type {
  ActionReceipt,
  GateOptions,
  GatePolicy,
  PendingCall,
  ToolCall,
  Verdict,
} from "@holdpoint/sdk/adapter";
export {
  createHoldpointTool,
  type HoldpointTool,
  type HoldpointToolOptions,
} from "./approval-tool.js";
export { type CrewActionTool, type GateActionsOptions, gateActions } from "./gate-actions.js";
export { gateTools } from "./gate-tools.js";
export type { CrewGateOptions } from "./options.js";
export { type AnsweredRun, type ResumeFromWebhookOptions, resumeFromWebhook } from "./resume.js";
export { type CrewSpendTool, createSpendTools, type SpendToolsOptions } from "./spend-tools.js";
export type { CrewTool, CrewToolContext } from "./tool.js";
