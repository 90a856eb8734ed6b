export type {
  ActionAnswer,
  ActionReceipt,
  ApprovalAnswer,
  GateActionsOptions,
  GateOptions,
  GatePolicy,
  SpendAnswer,
  ToolCall,
  Verdict,
} from "@holdpoint/sdk/adapter";
export { createHoldpointTool, type HoldpointToolOptions } from "./approval-tool.js";
export type { HoldpointCheckpointSaverOptions } from "./checkpoint/options.js";
export { HoldpointCheckpointSaver } from "./checkpoint/saver.js";
export { getIdempotencyKey } from "./context.js";
export { type HoldpointInterrupt, isHoldpointInterrupt } from "./durable/interrupt.js";
export {
  type ResumableGraph,
  type ResumeFromWebhookOptions,
  resumeFromWebhook,
} from "./durable/resume.js";
export { gateActions } from "./gate-actions.js";
export { type GateableTool, gateTools } from "./gate-tools.js";
export type { LangChainGateOptions } from "./options.js";
export type { HoldpointArtifact } from "./result.js";
export { createSpendTools, type SpendToolsOptions } from "./spend-tools.js";
