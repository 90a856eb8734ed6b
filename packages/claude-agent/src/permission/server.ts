import { createGate } from "@holdpoint/sdk/adapter";
import { McpServer, type McpServerFactory } from "@modelcontextprotocol/server";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { type ClaudeGateOptions, gatedCall, resolveOptions } from "../options.js";
import { permit } from "./permit.js";

/** What Claude sends to a permission prompt. */
const PROMPT = z.object({
  tool_name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  tool_use_id: z.string().min(1),
});

/**
 * The MCP server behind `claude --permission-prompt-tool mcp__holdpoint__approve`: one tool, whose
 * answer is the text that Claude reads. Whatever goes wrong is a deny.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function createPermissionServer(options: ClaudeGateOptions): McpServerFactory {
  const resolved = resolveOptions(options);
  const gate = createGate(resolved);
  return () => {
    const server = new McpServer({ name: "holdpoint", version: manifest.version });
    const described = {
      description: "Asks a person whether Claude may use a tool.",
      inputSchema: PROMPT,
    };
    server.registerTool("approve", described, async (prompt, { mcpReq: { signal } }) => {
      const { tool_name: tool, input: args, tool_use_id: toolCallId } = prompt;
      const call = gatedCall(resolved, { tool, args, toolCallId, signal });
      const answer = await permit(gate, call, resolved);
      return { content: [{ type: "text", text: JSON.stringify(answer) }] };
    });
    return server;
  };
}
