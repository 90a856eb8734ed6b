import { ConfigurationError } from "@holdpoint/sdk";
import type { GateOptions } from "@holdpoint/sdk/adapter";
import type { RunContext } from "@openai/agents";

/**
 * Names the conversation: a text, or how to get it from the context you gave to `run`. With it a
 * restarted process finds its own questions again. Never take it from the model or an unchecked
 * client. Up to 200 characters.
 */
export type RunId<Context> = string | ((runContext: RunContext<Context>) => string);

/**
 * What the model is told when Holdpoint fails, as `tool()` has it. `null`: the run rejects with a
 * `ToolCallError`, whose `error` is the `HoldpointError`.
 */
export type HoldpointErrorFunction<Context> =
  | ((runContext: RunContext<Context>, error: Error) => string | Promise<string>)
  | null;

/** How tools are gated. */
export interface GateToolsOptions<Context = unknown> extends Omit<GateOptions, "runId"> {
  /** Default: one drawn for these tools, which no other process knows. */
  readonly runId?: RunId<Context> | undefined;
  /** Default: a text that says what failed and what to do. */
  readonly errorFunction?: HoldpointErrorFunction<Context> | undefined;
}

/**
 * The conversation's name.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: the function gave none.
 */
export function runIdOf<Context>(
  runId: RunId<Context> | undefined,
  runContext: RunContext<Context>,
): string | undefined {
  if (typeof runId !== "function") return runId;
  const name: unknown = runId(runContext);
  if (typeof name === "string" && name !== "") return name;
  const message = `Expected runId to give a text that is not empty, got ${typeof name}. Nothing ran. Is the context that you gave to run() the one it reads?`;
  throw new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
