import { Holdpoint, type PayloadSchema } from "@holdpoint/sdk";
import {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalOptions,
  askForModel,
} from "@holdpoint/sdk/adapter";
import { type FunctionTool, type RunContext, tool } from "@openai/agents";
import type { ToolCallDetails } from "./function-tool.js";
import { parseArguments } from "./gated-tool.js";
import { type HoldpointErrorFunction, type RunId, runIdOf } from "./options.js";

/** A tool by which the model itself asks. */
export interface HoldpointToolOptions<Context = unknown> extends ApprovalOptions {
  /** Default `request_approval`. */
  readonly name?: string | undefined;
  /** What the model is told of it. Default: when to call it, and what the answer means. */
  readonly description?: string | undefined;
  /**
   * What the model fills in: a zod object, or a JSON Schema as `tool()` takes it in strict mode.
   * Makes the person's form. Default: `action`, `payload` (any object) and `reason`.
   */
  readonly parameters?: PayloadSchema | undefined;
  /** With it the same call, made again anywhere, asks once. Default: none. */
  readonly runId?: RunId<Context> | undefined;
  /** Default: a text that says what failed and what to do. */
  readonly errorFunction?: HoldpointErrorFunction<Context> | undefined;
}

/**
 * Makes a tool that asks a person and answers with a text: `APPROVED …` with what may be done,
 * `STOP …` with the person's reason, or `ERROR …`. What the model then does is up to it: to be sure,
 * gate the tools that act.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createHoldpointTool<Context = unknown>(
  options: HoldpointToolOptions<Context>,
): FunctionTool<Context, undefined, string> {
  const { name, description, parameters, runId, errorFunction, ...asked } = options;
  const approval = { ...asked, holdpoint: options.holdpoint ?? new Holdpoint() };
  const execute = async (
    args: unknown,
    runContext: RunContext<Context>,
    details?: ToolCallDetails,
  ) => {
    const toolCall = details?.toolCall;
    const { text, error } = await askForModel(approval, {
      // As the model gave it: a schema may have made something of it that is no JSON.
      payload: toolCall ? parseArguments(toolCall.arguments) : args,
      // As the model was told it: where it has to fill in everything, what is optional may be null.
      schema: asking.parameters,
      runId: runIdOf(runId, runContext),
      toolCallId: toolCall?.callId,
      signal: details?.signal,
    });
    if (error && errorFunction !== undefined) throw error;
    return text;
  };
  const made = {
    name: name ?? "request_approval",
    description: description ?? APPROVAL_DESCRIPTION,
    // Strict mode knows no object of any members.
    ...(parameters ? { parameters } : { parameters: APPROVAL_INPUT, strict: false }),
    execute,
    ...(errorFunction !== undefined && { errorFunction }),
  };
  const asking = tool(made as unknown as Parameters<typeof tool<undefined, Context>>[0]);
  return asking;
}
