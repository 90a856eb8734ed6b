import { ConfigurationError } from "@holdpoint/sdk";
import type { Gate, GatedCall, ToolCall } from "@holdpoint/sdk/adapter";
import type { Agent, RunContext, RunToolApprovalItem } from "@openai/agents";
import { matchesFunctionToolName } from "@openai/agents/utils";
import type { AnyFunctionTool } from "../function-tool.js";
import { parseArguments } from "../gated-tool.js";
import { type RunId, runIdOf } from "../options.js";

/** An agent, whatever its context and output. */
// biome-ignore lint/suspicious/noExplicitAny: the framework's type is invariant in both, and takes no other
export type AnyAgent = Agent<any, any>;

/** What the parts of a durable gate share. */
export interface DurableParts<Context> {
  /** Turns parked under another name are somebody else's. */
  readonly adapter: string;
  readonly gate: Gate;
  readonly runId: RunId<Context>;
  readonly tools: ToolRegistry;
  /** The calls that each run that is now being resumed was approved for, by {@link keyOf}. */
  readonly approved: Set<ReadonlySet<string>>;
}

/** The tools behind a durable gate. */
export interface ToolRegistry {
  /** By what invokes them, which copies of a tool share. */
  readonly gated: WeakSet<AnyFunctionTool["invoke"]>;
  /** The parameters of the last tool of a name. */
  readonly schemas: Map<string, AnyFunctionTool["parameters"]>;
}

/** What waits at the end of a run: a `RunResult`, or a `StreamedRunResult` that has completed. */
export interface InterruptedResult<Context> {
  readonly interruptions: readonly RunToolApprovalItem[];
  readonly runContext: RunContext<Context>;
  readonly state: { toString(): string };
}

/** The framework's state of a run, parked with every question of it. */
export interface ParkedRun {
  readonly state: string;
}

/**
 * The call that an interruption is about.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: its tool is not behind this gate.
 */
export function callOf<Context>(
  { rawItem, agent, name: qualified }: RunToolApprovalItem,
  runContext: RunContext<Context>,
  { tools, runId }: DurableParts<Context>,
): GatedCall {
  if (rawItem.type !== "function_call") throw notGated(rawItem.type);
  const { name, callId, arguments: text } = rawItem;
  const tool = agent.tools
    .filter(isFunctionTool)
    .find((each) => matchesFunctionToolName(each, qualified ?? name));
  if (tool === undefined || !tools.gated.has(tool.invoke)) throw notGated(name);
  return {
    tool: name,
    toolCallId: callId,
    runId: runIdOf(runId, runContext),
    args: parseArguments(text) ?? text,
    schema: tool.parameters,
  };
}

/** Names a call within a process. */
export function keyOf({ runId, tool, toolCallId }: ToolCall): string {
  return JSON.stringify([runId, tool, toolCallId]);
}

function isFunctionTool(tool: AnyAgent["tools"][number]): tool is AnyFunctionTool {
  return tool.type === "function";
}

function notGated(name: string): ConfigurationError {
  const message = `Expected interruptions of tools that went through this gate's gateTools(), got one of ${name}. Nothing was asked. Gate it, or answer it yourself with state.approve() or state.reject() and run again first.`;
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
