import { Holdpoint, type HoldpointError, type PayloadSchema } from "@holdpoint/sdk";
import {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalOptions,
  askForModel,
} from "@holdpoint/sdk/adapter";
import type { CrewTool, CrewToolContext } from "./tool.js";

/** How the approval tool is made. */
export interface HoldpointToolOptions extends ApprovalOptions {
  /** As the model knows it. Default `request_approval`. */
  readonly name?: string | undefined;
  /** What the model is told of it. */
  readonly description?: string | undefined;
  /**
   * What the model fills in and the person may edit. Default: `action`, `payload` and `reason`, as
   * JSON Schema; KaibanJS wants a zod schema.
   */
  readonly schema?: PayloadSchema | undefined;
  /** Told why there is no answer. The model is given a text that is safe to read. */
  readonly onError?: ((error: HoldpointError) => void) | undefined;
}

/** A tool for any crew: each of its methods asks a person and answers with a text. */
export interface HoldpointTool extends CrewTool {
  readonly schema: PayloadSchema;
  /** @returns `APPROVED …`, `STOP …` or `ERROR …`, each enough for a model to act on alone. */
  run(input: unknown, context?: CrewToolContext): Promise<string>;
  invoke(input: unknown, context?: CrewToolContext): Promise<string>;
  execute(input: unknown, context?: CrewToolContext): Promise<string>;
  func(input: unknown, context?: CrewToolContext): Promise<string>;
}

/**
 * A tool by which a model itself asks a person. It runs nothing: to hold a tool to the answer, gate
 * it. Throws only on abort; the request stays open.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createHoldpointTool({
  name = "request_approval",
  description = APPROVAL_DESCRIPTION,
  schema,
  onError,
  ...options
}: HoldpointToolOptions): HoldpointTool {
  const asking = { ...options, holdpoint: options.holdpoint ?? new Holdpoint() };
  const run = async (input: unknown, context: CrewToolContext = {}) => {
    const { toolCallId, runId, signal } = context;
    const payload = input ?? {};
    const answer = await askForModel(asking, { payload, schema, toolCallId, runId, signal });
    if (answer.error) onError?.(answer.error);
    return answer.text;
  };
  const methods = { run, invoke: run, execute: run, func: run };
  return { name, description, schema: schema ?? APPROVAL_INPUT, ...methods };
}
