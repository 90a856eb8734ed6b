import { Holdpoint } from "@holdpoint/sdk";
import {
  type SpendToolsOptions as NeutralOptions,
  type SpendAnswer,
  type SpendTool,
  spendTools,
} from "@holdpoint/sdk/adapter";
import { DynamicStructuredTool, type ToolRunnableConfig } from "@langchain/core/tools";
import { threadIdOf } from "./context.js";

/** The tools by which a model spends. */
export interface SpendToolsOptions extends NeutralOptions {
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /** Names the conversation. Default: the config's `thread_id`. */
  readonly runId?: string | undefined;
}

/**
 * `request_purchase`, `check_purchase`, `confirm_purchase` and `check_budget`, in this order. Each
 * answers with a text that a model can act on alone; the tool message's `artifact` is the
 * {@link SpendAnswer}. The spend policy decides, so they are not gated again.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createSpendTools({
  holdpoint = new Holdpoint(),
  ...options
}: SpendToolsOptions = {}): DynamicStructuredTool[] {
  return spendTools(holdpoint, options).map((tool) => toTool(tool, options));
}

function toTool(
  { name, description, inputSchema, answer }: SpendTool,
  { runId }: SpendToolsOptions,
): DynamicStructuredTool {
  const run = async (
    args: unknown,
    { toolCall, configurable, signal }: ToolRunnableConfig = {},
  ) => {
    const answered = await answer(args, {
      runId: runId ?? threadIdOf(configurable),
      toolCallId: toolCall?.id || undefined,
      signal,
    });
    return [answered.text, answered] satisfies [text: string, artifact: SpendAnswer];
  };
  return new DynamicStructuredTool({
    name,
    description,
    schema: inputSchema,
    responseFormat: "content_and_artifact",
    // What does not fit the schema is told by LangChain: with what, so that the model can correct it.
    verboseParsingErrors: true,
    func: (args, _runManager, config) => run(args, config),
  });
}
