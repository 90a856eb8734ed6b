export type {
  ActionReceipt,
  GateActionsOptions,
  GateOptions,
  GatePolicy,
  ToolCall,
  Verdict,
} from "@holdpoint/sdk/adapter";
export {
  createHoldpointTool,
  type HoldpointToolOptions,
  holdpointServer,
} from "./approval-tool.js";
export { isDeferred } from "./durable/is-deferred.js";
export { keepOpen, type OpenPrompt } from "./durable/keep-open.js";
export {
  type DeferredSession,
  type ResumeFromWebhookOptions,
  resumeFromWebhook,
} from "./durable/resume.js";
export { gateActions } from "./gate-actions.js";
export { type HoldpointHookOptions, type HoldpointHooks, holdpointHook } from "./hook/hook.js";
export type { ClaudeGateOptions } from "./options.js";
export { holdpointCanUseTool } from "./permission/can-use-tool.js";
export { createSpendTools, type SpendToolsOptions } from "./spend-tools.js";
