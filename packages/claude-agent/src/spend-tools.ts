import { type SdkMcpToolDefinition, tool } from "@anthropic-ai/claude-agent-sdk";
import { Holdpoint } from "@holdpoint/sdk";
import {
  type SpendToolsOptions as NeutralOptions,
  type SpendTool,
  spendTools,
} from "@holdpoint/sdk/adapter";
import { z } from "zod";
import { callOf } from "./tool-call.js";

/** The tools by which Claude spends. */
export interface SpendToolsOptions extends NeutralOptions {
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
}

/**
 * `request_purchase`, `check_purchase`, `confirm_purchase` and `check_budget`, to be put into an SDK
 * MCP server of yours. Each answers with a text that Claude can act on alone. The spend policy
 * decides: let a hook allow them, for gated they would be asked about twice.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createSpendTools({
  holdpoint = new Holdpoint(),
  ...options
}: SpendToolsOptions = {}): SdkMcpToolDefinition[] {
  return spendTools(holdpoint, options).map(toTool);
}

function toTool({ kind, name, description, inputSchema, answer }: SpendTool): SdkMcpToolDefinition {
  const isRead = kind === "check" || kind === "budget";
  return tool(
    name,
    description,
    shapeOf(inputSchema as unknown as ObjectSchema),
    async (args, extra) => {
      const { text, error } = await answer(args, callOf(extra));
      return { content: [{ type: "text", text }], ...(error && { isError: true }) };
    },
    { alwaysLoad: true, annotations: { readOnlyHint: isRead, idempotentHint: isRead } },
  ) as SdkMcpToolDefinition;
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
}

/**
 * Tells Claude what a tool takes, and checks no more than that nothing is missing: the rest the tool
 * checks itself, whose texts say what to do.
 */
function shapeOf({ properties, required }: ObjectSchema): z.ZodRawShape {
  const members = Object.entries(properties).map(([name, schema]) => {
    const member = z.unknown().meta({ ...schema });
    return [name, required.includes(name) ? member : member.optional()] as const;
  });
  return Object.fromEntries(members);
}
