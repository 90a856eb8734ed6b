import { Holdpoint } from "@holdpoint/sdk";
import {
  type SpendToolsOptions as NeutralOptions,
  type SpendTool,
  spendTools,
} from "@holdpoint/sdk/adapter";
import { jsonSchema, type Tool } from "ai";

/** The tools by which a model spends. */
export interface SpendToolsOptions extends NeutralOptions {
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
}

/** What a spend tool takes; it checks that itself. */
export type SpendInput = Readonly<Record<string, unknown>>;

/**
 * `request_purchase`, `check_purchase`, `confirm_purchase` and `check_budget`, to be spread into a
 * run's `tools`. Each answers with a text that a model can act on alone. The spend policy decides, so
 * they are not gated again.
 *
 * Their `execute` throws only on abort; a purchase stays as it is.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function createSpendTools({
  holdpoint = new Holdpoint(),
  ...options
}: SpendToolsOptions = {}): Readonly<Record<string, Tool<SpendInput, string>>> {
  return Object.fromEntries(
    spendTools(holdpoint, options).map((tool) => [tool.name, toTool(tool)]),
  );
}

function toTool({ description, inputSchema, run }: SpendTool): Tool<SpendInput, string> {
  const tool = {
    description,
    // Without a check of the framework's, whose error the model could not act on.
    inputSchema: jsonSchema<SpendInput>(inputSchema as Parameters<typeof jsonSchema>[0]),
    execute: (args: SpendInput, { toolCallId, abortSignal }: CallOptions) =>
      run(args, { toolCallId, signal: abortSignal }),
  };
  return tool as Tool<SpendInput, string>;
}

interface CallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal;
}
