import type { FunctionTool } from "@openai/agents";

/** A tool made by `tool()`, whatever its context, parameters and result. */
// biome-ignore lint/suspicious/noExplicitAny: the framework's type is invariant in all three, and takes no other
export type AnyFunctionTool = FunctionTool<any, any, any>;

/** What a tool is invoked with, beside its arguments. */
export type ToolCallDetails = NonNullable<Parameters<AnyFunctionTool["invoke"]>[2]>;
