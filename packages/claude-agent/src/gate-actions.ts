import {
  type AnyZodRawShape,
  type SdkMcpToolDefinition,
  tool,
} from "@anthropic-ai/claude-agent-sdk";
import type { Holdpoint } from "@holdpoint/sdk";
import {
  type ActionTool,
  type GateActionsOptions,
  gateActions as listActions,
} from "@holdpoint/sdk/adapter";
import { z } from "zod";
import { callOf } from "./tool-call.js";

/**
 * The actions this agent may use at the gate, to be put into an SDK MCP server of yours. Each answers
 * with a text that Claude can act on alone. The gate's policy decides: let a hook allow them, for
 * gated they would be asked about twice.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions(
  holdpoint: Holdpoint,
  options: GateActionsOptions = {},
): Promise<SdkMcpToolDefinition[]> {
  return (await listActions(holdpoint, options)).map(toTool);
}

function toTool({ name, description, parameters, risk, call }: ActionTool): SdkMcpToolDefinition {
  const destructiveHint = risk === "high" || risk === "critical";
  return tool(
    name,
    description,
    inputOf(parameters),
    async (args, extra) => {
      const { text, isError } = await call(args, callOf(extra));
      return { content: [{ type: "text", text }], ...(isError && { isError }) };
    },
    { alwaysLoad: true, annotations: { readOnlyHint: false, destructiveHint } },
  ) as SdkMcpToolDefinition;
}

/**
 * Tells Claude exactly what an action takes, and checks nothing of it: the gate does, whose texts say
 * what to do. The SDK's type knows shapes alone; MCP's server below it takes any schema of an object.
 */
function inputOf({ id: _, ...schema }: ActionTool["parameters"]): AnyZodRawShape {
  return z.looseObject({}).meta(schema) as unknown as AnyZodRawShape;
}
