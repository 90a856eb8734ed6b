import type { Holdpoint, HoldpointError } from "@holdpoint/sdk";
import {
  type ActionTool,
  gateActions as listActions,
  type GateActionsOptions as NeutralOptions,
} from "@holdpoint/sdk/adapter";
import type { CrewSpendTool } from "./spend-tools.js";
import type { CrewToolContext } from "./tool.js";

/** Actions of the gate as tools. */
export interface GateActionsOptions extends NeutralOptions {
  /**
   * Names a call where the crew has no ids for calls. Default: every call is one of its own, but for
   * one with the same arguments that still waits for a person.
   */
  readonly toolCallId?:
    | ((call: { readonly tool: string; readonly args: unknown }) => string)
    | undefined;
  /**
   * Makes a tool's schema of its JSON Schema. Default: that itself; KaibanJS wants a zod schema, as
   * `z.fromJSONSchema` makes it.
   */
  readonly toSchema?: ((jsonSchema: ActionTool["parameters"]) => unknown) | undefined;
  /** Told why one did not run with success. The model is given a text that is safe to read. */
  readonly onError?: ((error: HoldpointError) => void) | undefined;
}

/** A tool for any crew: each of its methods answers with a text that a model can act on alone. */
export type CrewActionTool = CrewSpendTool;

/**
 * The actions this agent may use at the gate. The gate's policy decides, so they are not gated again.
 * They throw only on abort; what runs goes on.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions(
  holdpoint: Holdpoint,
  options: GateActionsOptions = {},
): Promise<CrewActionTool[]> {
  return (await listActions(holdpoint, options)).map((action) => toTool(action, options));
}

function toTool(
  { name, description, parameters, call }: ActionTool,
  { toolCallId: nameCall, toSchema = (schema) => schema, onError }: GateActionsOptions,
): CrewActionTool {
  const run = async (input: unknown, { toolCallId, runId, signal }: CrewToolContext = {}) => {
    const args = input ?? {};
    const id = toolCallId ?? nameCall?.({ tool: name, args });
    const { text, error } = await call(args, { toolCallId: id, runId, signal });
    if (error) onError?.(error);
    return text;
  };
  const methods = { run, invoke: run, execute: run, func: run };
  return { name, description, schema: toSchema(parameters), ...methods };
}
