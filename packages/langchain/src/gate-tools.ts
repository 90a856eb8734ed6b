import type { ToolCall } from "@langchain/core/messages/tool";
import { isStructuredTool, type ToolRunnableConfig } from "@langchain/core/tools";
import { withRun } from "./context.js";
import type { LangChainCall, LangChainGateOptions } from "./options.js";
import { schemaOf } from "./schema.js";
import { createToolGate, invalid, type ToolGate } from "./tool-gate.js";

/** Known across copies of this package: a call that is gated twice would wait for itself. */
const GATED = Symbol.for("holdpoint.langchain.gated");

/** A structured tool of LangChain's, whatever its schema and result. */
export interface GateableTool {
  readonly name: string;
  readonly schema: unknown;
  readonly lc_namespace: string[];
  invoke(...given: never): unknown;
  call(...given: never): unknown;
}

/** Tells whether a tool has been through {@link gateTools}. */
export function isGated(tool: unknown): boolean {
  return (Object(tool) as { [GATED]?: unknown })[GATED] === true;
}

/**
 * Puts a gate before tools: they keep class and type, and run only as policy and people allow.
 *
 * The conversation is the `thread_id` of the config, unless `runId` says otherwise. What did not run
 * is a `ToolMessage` with `status: "error"` for the model, and an error for a program that invokes
 * the tool without a tool call.
 *
 * @param tools - Made with `tool()`, or any other structured tool. They themselves stay ungated.
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, no such mode, or
 *   something that is no tool or is gated already.
 */
export function gateTools<const Tools extends readonly GateableTool[]>(
  tools: Tools,
  options: LangChainGateOptions,
): { -readonly [Index in keyof Tools]: Tools[Index] };
export function gateTools<Tool extends GateableTool>(
  tool: Tool,
  options: LangChainGateOptions,
): Tool;
export function gateTools(
  tools: GateableTool | readonly GateableTool[],
  options: LangChainGateOptions,
): GateableTool | GateableTool[] {
  const gate = createToolGate(options);
  return Array.isArray(tools)
    ? tools.map((tool: GateableTool) => gateTool(tool, gate))
    : gateTool(tools as GateableTool, gate);
}

type Invoke = (input: unknown, config?: ToolRunnableConfig, ...rest: unknown[]) => Promise<unknown>;

/** Inherits all of the tool but what runs it. */
function gateTool(tool: GateableTool, gate: ToolGate): GateableTool {
  requireUngated(tool);
  const gated = (method: "invoke" | "call"): Invoke => {
    const run = (tool[method] as Invoke).bind(tool);
    return (input, config, ...rest) =>
      gate(readCall(tool, input, config), (args, context) => {
        const toolCallId = idOf(input, config);
        const given = withRun(withArgs(config, args), context, toolCallId);
        return run(isToolCall(input) ? { ...input, args } : args, given, ...rest);
      });
  };
  const invoke = gated("invoke");
  // What `invoke` and `call` end in, for those who reach for it directly.
  const inner: Invoke = (args, _runManager, config) => invoke(args, config as ToolRunnableConfig);
  return Object.create(tool, {
    invoke: { value: invoke },
    call: { value: gated("call") },
    _call: { value: inner },
    ...("func" in tool && { func: { value: inner } }),
    [GATED]: { value: true },
  }) as GateableTool;
}

function readCall(
  tool: GateableTool,
  input: unknown,
  config: ToolRunnableConfig | undefined,
): LangChainCall {
  return {
    tool: tool.name,
    args: isToolCall(input) ? input.args : toArgs(input),
    toolCallId: idOf(input, config),
    configurable: config?.configurable,
    schema: schemaOf(tool),
    signal: config?.signal,
  };
}

/** Tools of one text take it bare or as `{ input }`; people see and edit the latter. */
function toArgs(input: unknown): unknown {
  return typeof input === "string" ? { input } : (input ?? {});
}

function idOf(input: unknown, config: ToolRunnableConfig | undefined): string | undefined {
  return (isToolCall(input) ? input.id : config?.toolCall?.id) || undefined;
}

function withArgs(config: ToolRunnableConfig | undefined, args: unknown) {
  const { toolCall } = config ?? {};
  return toolCall
    ? { ...config, toolCall: { ...toolCall, args: args as ToolCall["args"] } }
    : config;
}

function isToolCall(input: unknown): input is ToolCall {
  return (Object(input) as { type?: unknown }).type === "tool_call";
}

function requireUngated(tool: GateableTool): void {
  if (typeof tool !== "object" || tool === null || !isStructuredTool(tool as never)) {
    throw invalid(
      "Expected LangChain tools, got something else. A tool that the model's provider runs cannot be gated.",
    );
  }
  if (isGated(tool)) {
    throw invalid(`Expected ${tool.name} to be gated once, got it gated already.`);
  }
}
