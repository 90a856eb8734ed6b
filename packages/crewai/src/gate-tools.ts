import { ConfigurationError, HoldpointError } from "@holdpoint/sdk";
import { createGate, describeError, type Gate, type GatedCall } from "@holdpoint/sdk/adapter";
import type { CrewGateOptions } from "./options.js";
import { textOf } from "./result.js";
import {
  type CrewTool,
  type CrewToolContext,
  listRunMethods,
  RUN_METHODS,
  type RunMethod,
  schemaOf,
} from "./tool.js";

/**
 * Puts a gate before a crew's tools: they keep their class and type, and run only as policy and
 * people allow; once, with the approved arguments.
 *
 * A call that did not run answers with a text for the model (`STOP …` or `ERROR …`), whatever the
 * tool returns otherwise. So does one whose arguments a person has edited: the result, and the edit.
 *
 * @param tools - With any of `run`, `invoke`, `execute`, `call`, `func`. They themselves stay ungated.
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, or something that
 *   cannot be run.
 */
export function gateTools<const Tools extends readonly CrewTool[]>(
  tools: Tools,
  options: CrewGateOptions,
): { -readonly [Index in keyof Tools]: Tools[Index] } {
  const gate = createGate(options);
  const gated = tools.map((tool) => gateTool(tool, gate, options));
  return gated as unknown as { -readonly [Index in keyof Tools]: Tools[Index] };
}

/** Inherits all of the tool but what runs it. */
function gateTool(tool: CrewTool, gate: Gate, options: CrewGateOptions): CrewTool {
  const methods = listRunMethods(tool);
  if (methods.length === 0) {
    throw new ConfigurationError({
      code: "CONFIGURATION_INVALID",
      message: `Expected the tool ${tool.name} with one of ${RUN_METHODS.join(", ")}, got none of them.`,
    });
  }
  const gated = methods.map(([name, run]) => [name, { value: gateRun(tool, run, gate, options) }]);
  return Object.create(tool, Object.fromEntries(gated)) as CrewTool;
}

function gateRun(tool: CrewTool, run: RunMethod, gate: Gate, options: CrewGateOptions): RunMethod {
  return async (input, context = {}, ...rest) => {
    const call = composeCall(tool, input, context, options);
    let own: { readonly error: unknown } | undefined;
    try {
      const outcome = await gate.run(call, async (args, { signal }) => {
        try {
          return await run(args, { ...context, ...(signal && { signal }) }, ...rest);
        } catch (error) {
          own = { error };
          throw error;
        }
      });
      if (outcome.type !== "ran") return outcome.text;
      return outcome.note === undefined ? outcome.result : textOf(outcome.result, outcome.note);
    } catch (error) {
      const isOurs = HoldpointError.isInstance(error) && error !== own?.error;
      if (!isOurs || call.signal?.aborted) throw error;
      options.onError?.(error);
      return describeError(gate.nameOf(call), error);
    }
  };
}

function composeCall(
  tool: CrewTool,
  input: unknown,
  { toolCallId, runId, signal }: CrewToolContext,
  { toolCallId: nameCall, wait }: CrewGateOptions,
): GatedCall {
  const { name } = tool;
  const args = input ?? {};
  const id = toolCallId ?? nameCall?.({ tool: name, args }) ?? `call_${crypto.randomUUID()}`;
  return { tool: name, args, toolCallId: id, runId, signal, wait, schema: schemaOf(tool) };
}
