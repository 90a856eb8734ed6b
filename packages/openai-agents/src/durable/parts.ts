import { ConfigurationError } from "@holdpoint/sdk";
import type { Gate, ToolCall } from "@holdpoint/sdk/adapter";
import type { RunContext, RunToolApprovalItem } from "@openai/agents";
import type { AnyFunctionTool } from "../function-tool.js";
import { parseArguments } from "../gated-tool.js";
import { type RunId, runIdOf } from "../options.js";

/** What the parts of a durable gate share. */
export interface DurableParts<Context> {
  /** Turns parked under another name are somebody else's. */
  readonly adapter: string;
  readonly gate: Gate;
  readonly runId: RunId<Context>;
  readonly tools: ToolRegistry;
}

/** The tools of a durable gate, by name. */
export type ToolRegistry = Map<string, AnyFunctionTool>;

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
  { rawItem }: RunToolApprovalItem,
  runContext: RunContext<Context>,
  { tools, runId }: DurableParts<Context>,
): ToolCall {
  const name = "name" in rawItem ? rawItem.name : rawItem.type;
  if (rawItem.type !== "function_call" || !tools.has(rawItem.name)) throw notGated(name);
  return {
    tool: rawItem.name,
    // What is no JSON is asked as it is: the framework tells the model of it, whatever the answer.
    args: parseArguments(rawItem.arguments) ?? rawItem.arguments,
    toolCallId: rawItem.callId,
    runId: runIdOf(runId, runContext),
  };
}

function notGated(name: string): ConfigurationError {
  const message = `Expected interruptions of tools that went through this gate's gateTools(), got one of ${name}. Nothing was asked. Gate it, or answer it yourself with state.approve() or state.reject() and run again first.`;
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
