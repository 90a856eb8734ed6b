import type { CanUseTool } from "@anthropic-ai/claude-agent-sdk";
import { createGate } from "@holdpoint/sdk/adapter";
import { type ClaudeGateOptions, gatedCall, resolveOptions } from "../options.js";
import { permit } from "./permit.js";

/**
 * A `canUseTool` whose prompts land in the inbox.
 *
 * It is asked only what Claude would prompt for. Whatever `allowedTools`, a settings rule, a hook or
 * the permission mode lets through never comes here, so it is no gate: {@link holdpointHook} is. It
 * does not learn how the tool ended, and cannot tell the model of an edit.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function holdpointCanUseTool(options: ClaudeGateOptions): CanUseTool {
  const resolved = resolveOptions(options);
  const gate = createGate(resolved);
  return (tool, input, { signal, toolUseID }) => {
    const call = gatedCall(resolved, { tool, args: input, toolCallId: toolUseID, signal });
    return permit(gate, call, resolved);
  };
}
