import type { Holdpoint } from "@holdpoint/sdk";
import {
  type ActionTool,
  type GateActionsOptions,
  gateActions as listActions,
} from "@holdpoint/sdk/adapter";
import { jsonSchema, type Tool } from "ai";
import { actionError } from "./errors.js";

/** What an action takes; the gate checks that. */
export type ActionInput = Readonly<Record<string, unknown>>;

/**
 * The actions this agent may use at the gate, to be spread into a run's `tools`. Each answers with a
 * text that a model can act on alone. The gate's policy decides, so they are not gated again.
 *
 * Where one did not run with success, its `execute` throws a {@link GatedToolError}, which the
 * framework tells the model; on abort the signal's reason.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions(
  holdpoint: Holdpoint,
  options: GateActionsOptions = {},
): Promise<Readonly<Record<string, Tool<ActionInput, string>>>> {
  const actions = await listActions(holdpoint, options);
  return Object.fromEntries(actions.map((action) => [action.name, toTool(action)]));
}

function toTool({ description, parameters, call }: ActionTool): Tool<ActionInput, string> {
  const tool = {
    description,
    // Without a check of the framework's, whose error the model could not act on.
    inputSchema: jsonSchema<ActionInput>(parameters as Parameters<typeof jsonSchema>[0]),
    execute: async (input: ActionInput, { toolCallId, abortSignal }: CallOptions) => {
      const { text, error } = await call(input, { toolCallId, signal: abortSignal });
      if (error !== undefined) throw actionError(text, error);
      return text;
    },
  };
  return tool as Tool<ActionInput, string>;
}

interface CallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal;
}
