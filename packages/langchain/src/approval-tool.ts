import { Holdpoint, type PayloadSchema } from "@holdpoint/sdk";
import {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalAnswer,
  type ApprovalOptions,
  askForModel,
} from "@holdpoint/sdk/adapter";
import {
  DynamicStructuredTool,
  type ToolRunnableConfig,
  type ToolSchemaBase,
} from "@langchain/core/tools";
import type { InferInteropZodInput, InteropZodType } from "@langchain/core/utils/types";
import { threadIdOf } from "./context.js";

/** A tool by which the model itself asks. */
export interface HoldpointToolOptions<
  Schema extends ToolSchemaBase = typeof APPROVAL_INPUT,
  Name extends string = string,
> extends ApprovalOptions {
  /** What the model calls it by. Default `request_approval`. */
  readonly name?: Name;
  /** When to call it, for the model. Default: before anything that cannot be undone. */
  readonly description?: string;
  /**
   * What the model has to fill in: zod or JSON Schema. It makes the person's form, and binds the
   * edit. Default: an action, its payload and a reason.
   */
  readonly schema?: Schema;
  /** Names the conversation. Default: the config's `thread_id`. */
  readonly runId?: string | undefined;
}

/** What is filled in, as far as its schema tells. */
type InputOf<Schema> = Schema extends InteropZodType ? InferInteropZodInput<Schema> : unknown;

/**
 * Makes a tool by which the model asks for approval, and waits for the answer. The model reads a text
 * that begins with `APPROVED`, `STOP` or `ERROR`; the tool message's `artifact` is the
 * {@link ApprovalAnswer}. It runs nothing: acting on the answer is left to the model, so gate the
 * tools that must not run without one.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createHoldpointTool<
  const Schema extends ToolSchemaBase = typeof APPROVAL_INPUT,
  const Name extends string = "request_approval",
>(
  options: HoldpointToolOptions<Schema, Name>,
): DynamicStructuredTool<Schema, InputOf<Schema>, InputOf<Schema>, string, unknown, Name> {
  const { name = "request_approval" as Name, description = APPROVAL_DESCRIPTION } = options;
  const { name: _name, description: _description, schema: given, runId, ...asked } = options;
  const approval = { ...asked, holdpoint: options.holdpoint ?? new Holdpoint() };
  const schema = given ?? (APPROVAL_INPUT as unknown as Schema);

  const ask = async (args: unknown, config: ToolRunnableConfig = {}) => {
    const { toolCall, configurable, signal } = config;
    const answer = await askForModel(approval, {
      // As the model gave it: a schema may have made something of it that is no JSON.
      payload: toolCall?.args ?? args,
      schema: schema as PayloadSchema,
      runId: runId ?? threadIdOf(configurable),
      toolCallId: toolCall?.id || undefined,
      signal,
    });
    const parts: readonly [text: string, artifact: ApprovalAnswer] = [answer.text, answer];
    // LangChain takes the pair apart: what whoever invokes the tool is given is the text.
    return parts as unknown as string;
  };
  return new DynamicStructuredTool({
    name,
    description,
    schema,
    responseFormat: "content_and_artifact",
    func: (args, _runManager, config) => ask(args, config),
  });
}
