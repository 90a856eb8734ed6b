import type { Holdpoint } from "@holdpoint/sdk";
import {
  type ActionTool,
  gateActions as listActions,
  type GateActionsOptions as NeutralOptions,
} from "@holdpoint/sdk/adapter";
import { type FunctionTool, type RunContext, tool } from "@openai/agents";
import type { ToolCallDetails } from "./function-tool.js";
import { type HoldpointErrorFunction, type RunId, runIdOf } from "./options.js";

/** Actions of the gate as tools. */
export interface GateActionsOptions<Context = unknown> extends Omit<NeutralOptions, "runId"> {
  /**
   * Names the conversation, and groups its calls: with it a call that is made again, in any process,
   * runs once. Default: one drawn for these tools, which no other process knows.
   */
  readonly runId?: RunId<Context> | undefined;
  /** Where one did not run with success. Default: a text that says what failed and what to do. */
  readonly errorFunction?: HoldpointErrorFunction<Context> | undefined;
}

/**
 * The actions this agent may use at the gate. Each answers with a text that a model can act on alone.
 * The gate's policy decides, so they are not gated again.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions<Context = unknown>(
  holdpoint: Holdpoint,
  { runId, errorFunction, ...options }: GateActionsOptions<Context> = {},
): Promise<FunctionTool<Context, undefined, string>[]> {
  const actions = await listActions(holdpoint, options);
  return actions.map((action) => toTool(action, { runId, errorFunction }));
}

function toTool<Context>(
  { name, description, parameters, call }: ActionTool,
  { runId, errorFunction }: Pick<GateActionsOptions<Context>, "runId" | "errorFunction">,
): FunctionTool<Context, undefined, string> {
  const made = {
    name,
    description,
    parameters,
    // Strict mode would have the model fill in what it has nothing to say to.
    strict: false,
    ...(errorFunction === null && { errorFunction }),
    async execute(args: unknown, runContext: RunContext<Context>, details?: ToolCallDetails) {
      const { text, error } = await call(args, {
        runId: runIdOf(runId, runContext),
        toolCallId: details?.toolCall?.callId,
        signal: details?.signal,
      });
      if (error === undefined || errorFunction === undefined) return text;
      if (errorFunction === null) throw error;
      return errorFunction(runContext, error);
    },
  };
  const known = tool(made as unknown as Parameters<typeof tool<undefined, Context>>[0]);
  // `tool` writes `_` for `-`, which OpenAI takes as it is: two actions might get one name.
  return { ...known, name };
}
