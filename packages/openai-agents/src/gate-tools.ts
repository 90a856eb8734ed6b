import { ConfigurationError } from "@holdpoint/sdk";
import { createGate } from "@holdpoint/sdk/adapter";
import type { AnyFunctionTool } from "./function-tool.js";
import { gateTool } from "./gated-tool.js";
import type { GateToolsOptions } from "./options.js";

/**
 * Puts a person before tools: a call runs as the policy and, where it says so, a person allow, once,
 * with the approved arguments. The call waits meanwhile, in this process.
 *
 * @param tools - Made by `tool()`, `agent.asTool()` or `getAllMcpTools()`. They keep their types, and
 *   are not changed themselves.
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, or a tool that is
 *   gated in no way: one that OpenAI runs, or one with an `outputSchema`.
 */
export function gateTools<Context, Tools extends readonly AnyFunctionTool[] | []>(
  tools: Tools,
  { runId, errorFunction, ...options }: GateToolsOptions<Context>,
): Tools {
  const gate = createGate(options);
  const gating = { gateOf: () => gate, runId, errorFunction, wait: true };
  return tools.map((tool) => gateTool(requireGateable(tool), gating)) as unknown as Tools;
}

/**
 * Only what runs here can be held here, and only a result that is read by the model can tell it of a
 * refusal: one bound to a schema has no place for it.
 */
export function requireGateable<Tool extends AnyFunctionTool>(tool: Tool): Tool {
  const { type, name, outputSchema } = tool;
  const given: string | undefined = type;
  if (given !== "function") {
    throw refused(name, `of type ${given}`, "Only tools that run in this process can be gated.");
  }
  if (outputSchema === undefined) return tool;
  const reason = "A refusal, and what a person edited, have no place in such a result.";
  throw refused(name, "with an outputSchema", reason);
}

function refused(name: string, what: string, reason: string): ConfigurationError {
  const message = `Expected a tool made by tool(), got ${name} ${what}. ${reason}`;
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
