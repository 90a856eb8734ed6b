import {
  createSdkMcpServer,
  type McpSdkServerConfigWithInstance,
  type SdkMcpToolDefinition,
  tool,
} from "@anthropic-ai/claude-agent-sdk";
import { Holdpoint } from "@holdpoint/sdk";
import {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalOptions,
  askForModel,
} from "@holdpoint/sdk/adapter";
import { z } from "zod";
import { callOf } from "./tool-call.js";

/** A tool by which Claude itself asks for approval. */
export interface HoldpointToolOptions extends ApprovalOptions {
  /** Default `request_approval`, which Claude knows as `mcp__holdpoint__request_approval`. */
  readonly name?: string | undefined;
  /** What Claude is told of it. */
  readonly description?: string | undefined;
  /** What Claude fills in, and people read and edit. Default: `action`, `payload` and `reason`. */
  readonly inputSchema?: z.ZodObject | undefined;
  /** Names the session: with it a restarted process finds its own questions again. */
  readonly runId?: string | undefined;
}

const { action, payload, reason } = APPROVAL_INPUT.properties;
const DEFAULT_INPUT = z.object({
  action: z.string().min(1).max(200).describe(action.description),
  payload: z.record(z.string(), z.unknown()).describe(payload.description),
  reason: z.string().optional().describe(reason.description),
});

/**
 * A tool for approvals, to be put into an SDK MCP server of yours. It waits for the answer, and
 * answers `APPROVED`, `STOP` or `ERROR`.
 *
 * Nothing makes Claude call it, or keep to its answer: what must not happen unapproved is for
 * {@link holdpointHook}.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createHoldpointTool(options: HoldpointToolOptions): SdkMcpToolDefinition {
  const { name = "request_approval", description = APPROVAL_DESCRIPTION } = options;
  const { inputSchema: schema = DEFAULT_INPUT, runId, ...given } = options;
  const { name: _, description: __, ...asked } = given;
  const approval = { ...asked, holdpoint: options.holdpoint ?? new Holdpoint() };
  return tool(
    name,
    description,
    schema.shape,
    async (args, extra) => {
      const { text } = await askForModel(approval, {
        payload: args,
        schema,
        runId,
        ...callOf(extra),
      });
      return { content: [{ type: "text", text }] };
    },
    { alwaysLoad: true },
  ) as SdkMcpToolDefinition;
}

/** The tool alone in a server, for `options.mcpServers`. Call it `holdpoint` there. */
export function holdpointServer(options: HoldpointToolOptions): McpSdkServerConfigWithInstance {
  return createSdkMcpServer({ name: "holdpoint", tools: [createHoldpointTool(options)] });
}
