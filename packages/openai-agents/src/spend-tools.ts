import { Holdpoint } from "@holdpoint/sdk";
import {
  type SpendToolsOptions as NeutralOptions,
  type SpendTool,
  spendTools,
} from "@holdpoint/sdk/adapter";
import { type FunctionTool, type RunContext, tool } from "@openai/agents";
import type { ToolCallDetails } from "./function-tool.js";
import { type RunId, runIdOf } from "./options.js";

/** The tools by which a model spends. */
export interface SpendToolsOptions<Context = unknown> extends Omit<NeutralOptions, "runId"> {
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /**
   * Names the conversation, and groups its purchases: with it a call that is made again, in any
   * process, reserves once. Default: one drawn for these tools, which no other process knows.
   */
  readonly runId?: RunId<Context> | undefined;
}

/**
 * `request_purchase`, `check_purchase`, `confirm_purchase` and `check_budget`, in this order. Each
 * answers with a text that a model can act on alone. The spend policy decides, so they are not gated
 * again.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createSpendTools<Context = unknown>({
  holdpoint = new Holdpoint(),
  runId,
  ...options
}: SpendToolsOptions<Context> = {}): FunctionTool<Context, undefined, string>[] {
  return spendTools(holdpoint, options).map((each) => toTool(each, runId));
}

function toTool<Context>(
  { name, description, inputSchema, run }: SpendTool,
  runId: RunId<Context> | undefined,
): FunctionTool<Context, undefined, string> {
  const made = {
    name,
    description,
    parameters: inputSchema,
    // Strict mode would have the model fill in what it has nothing to say to.
    strict: false,
    execute: (args: unknown, runContext: RunContext<Context>, details?: ToolCallDetails) =>
      run(args, {
        runId: runIdOf(runId, runContext),
        toolCallId: details?.toolCall?.callId,
        signal: details?.signal,
      }),
  };
  return tool(made as unknown as Parameters<typeof tool<undefined, Context>>[0]);
}
