import { Holdpoint, type HoldpointError } from "@holdpoint/sdk";
import {
  type SpendToolsOptions as NeutralOptions,
  type SpendTool,
  spendTools,
} from "@holdpoint/sdk/adapter";
import type { CrewTool, CrewToolContext } from "./tool.js";

/** The tools by which a model spends. */
export interface SpendToolsOptions extends NeutralOptions {
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /**
   * Names a call where the crew has no ids for calls. Default: every call is one of its own, and
   * requests a purchase of its own.
   */
  readonly toolCallId?:
    | ((call: { readonly tool: string; readonly args: unknown }) => string)
    | undefined;
  /**
   * Makes a tool's schema of its JSON Schema. Default: that itself; KaibanJS wants a zod schema, as
   * `z.fromJSONSchema` makes it.
   */
  readonly toSchema?: ((jsonSchema: SpendTool["inputSchema"]) => unknown) | undefined;
  /** Told why there is no answer. The model is given a text that is safe to read. */
  readonly onError?: ((error: HoldpointError) => void) | undefined;
}

/** A tool for any crew: each of its methods answers with a text that a model can act on alone. */
export interface CrewSpendTool extends CrewTool {
  readonly schema: unknown;
  run(input: unknown, context?: CrewToolContext): Promise<string>;
  invoke(input: unknown, context?: CrewToolContext): Promise<string>;
  execute(input: unknown, context?: CrewToolContext): Promise<string>;
  func(input: unknown, context?: CrewToolContext): Promise<string>;
}

/**
 * `request_purchase`, `check_purchase`, `confirm_purchase` and `check_budget`, in this order. The
 * spend policy decides, so they are not gated again. They throw only on abort; a purchase stays as
 * it is.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createSpendTools({
  holdpoint = new Holdpoint(),
  ...options
}: SpendToolsOptions = {}): CrewSpendTool[] {
  return spendTools(holdpoint, options).map((tool) => toTool(tool, options));
}

function toTool(
  { name, description, inputSchema, answer }: SpendTool,
  { toolCallId: nameCall, toSchema = (schema) => schema, onError }: SpendToolsOptions,
): CrewSpendTool {
  const run = async (input: unknown, { toolCallId, runId, signal }: CrewToolContext = {}) => {
    const args = input ?? {};
    const id = toolCallId ?? nameCall?.({ tool: name, args });
    const { text, error } = await answer(args, { toolCallId: id, runId, signal });
    if (error) onError?.(error);
    return text;
  };
  const methods = { run, invoke: run, execute: run, func: run };
  return { name, description, schema: toSchema(inputSchema), ...methods };
}
