import type { Holdpoint } from "@holdpoint/sdk";
import {
  type ActionAnswer,
  type ActionTool,
  type GateActionsOptions,
  gateActions as listActions,
} from "@holdpoint/sdk/adapter";
import { ToolMessage } from "@langchain/core/messages";
import { DynamicStructuredTool, type ToolRunnableConfig } from "@langchain/core/tools";
import { threadIdOf } from "./context.js";

/**
 * The actions this agent may use at the gate. Each answers with a text that a model can act on alone,
 * in a tool message of status `error` where it did not run with success; the message's `artifact` is
 * the {@link ActionAnswer}. The gate's policy decides, so they are not gated again.
 *
 * @param options.runId - Names the conversation. Default: the config's `thread_id`.
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions(
  holdpoint: Holdpoint,
  options: GateActionsOptions = {},
): Promise<DynamicStructuredTool[]> {
  const actions = await listActions(holdpoint, options);
  return actions.map((action) => toTool(action, options));
}

function toTool(
  { name, description, parameters, call }: ActionTool,
  { runId }: GateActionsOptions,
): DynamicStructuredTool {
  const run = async (
    args: unknown,
    { toolCall, configurable, signal }: ToolRunnableConfig = {},
  ) => {
    const toolCallId = toolCall?.id || undefined;
    const answer = await call(args, {
      runId: runId ?? threadIdOf(configurable),
      toolCallId,
      signal,
    });
    return [toContent(name, answer, toolCallId), answer];
  };
  return new DynamicStructuredTool({
    name,
    description,
    schema: parameters,
    responseFormat: "content_and_artifact",
    // What does not fit the schema is told by LangChain: with what, so that the model can correct it.
    verboseParsingErrors: true,
    func: (args, _runManager, config) => run(args, config),
  });
}

/** A program that calls one itself has no use for a message. */
function toContent(
  name: string,
  answer: ActionAnswer,
  toolCallId: string | undefined,
): string | ToolMessage {
  const { text: content, isError } = answer;
  if (!isError || toolCallId === undefined) return content;
  const message = { tool_call_id: toolCallId, name, content, artifact: answer };
  return new ToolMessage({ ...message, status: "error" });
}
