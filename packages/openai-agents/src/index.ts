export type {
  ActionReceipt,
  GatePolicy,
  PendingCall,
  PerCall,
  ToolCall,
  Verdict,
} from "@holdpoint/sdk/adapter";
export { createHoldpointTool, type HoldpointToolOptions } from "./approval-tool.js";
export { createDurableGate, type DurableGate, type DurableGateOptions } from "./durable/gate.js";
export type { AnyAgent, InterruptedResult } from "./durable/parts.js";
export type { ResumeRunOptions } from "./durable/resume.js";
export type { ResumeFromWebhookOptions } from "./durable/webhook.js";
export type { AnyFunctionTool } from "./function-tool.js";
export { type GateActionsOptions, gateActions } from "./gate-actions.js";
export { gateTools } from "./gate-tools.js";
export type { GateToolsOptions, HoldpointErrorFunction, RunId } from "./options.js";
export { createSpendTools, type SpendToolsOptions } from "./spend-tools.js";
