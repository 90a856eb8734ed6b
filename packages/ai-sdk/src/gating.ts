import { ConfigurationError } from "@holdpoint/sdk";
import type { Gate, GatedCall, GateOptions, PendingCall } from "@holdpoint/sdk/adapter";
import type { Notes } from "./notes.js";
import type { SchemaLoader } from "./schema.js";
import { findTool, type ToolCallOptions, type Tools } from "./tools.js";

/** How tools are gated. */
export type GateToolsOptions = GateOptions & {
  /**
   * What the user interface is given while a person decides: a preliminary tool result, in the form
   * of the tool's own, for example with the URL. Default: nothing.
   */
  readonly preliminary?: ((pending: PendingCall) => unknown) | undefined;
} & (
    | { readonly durable?: false | undefined }
    | {
        /**
         * Calls that need a person do not wait: they end the run with the framework's own approval
         * requests, to be parked by {@link parkApprovals}. Default false.
         */
        readonly durable: true;
        /** Needed here: it is how another process finds the questions again. */
        readonly runId: string;
      }
  );

/** What all tools of one `gateTools` share. */
export interface Gating {
  readonly gate: Gate;
  readonly options: GateToolsOptions;
  readonly notes: Notes;
}

/** What a gated tool carries with it. */
export interface GatedTool extends Gating {
  readonly name: string;
  readonly loadSchema: SchemaLoader;
}

/** Survives the copies that the framework and its users make of a tool. */
const GATED = Symbol.for("holdpoint.ai-sdk.gated.v1");

export function carry(gated: GatedTool): object {
  return { [GATED]: gated };
}

/** What a tool carries; `undefined` for one that is not gated. */
export function gatedOf(tools: object | undefined, name: string): GatedTool | undefined {
  return (findTool(tools, name) as { [GATED]?: GatedTool } | undefined)?.[GATED];
}

/**
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: there is no such tool, or it is not gated.
 */
export function requireGated(tools: Tools, name: string): GatedTool {
  const gated = gatedOf(tools, name);
  if (gated) return gated;
  const found = findTool(tools, name) ? "one that is not gated" : "no tool of that name";
  throw misconfigured(
    `Expected ${name} among the tools from gateTools, got ${found}. Nothing ran. A call waits for it: give it back its name, or pass the gated tools.`,
  );
}

/** A call as the gate takes it. */
export async function composeCall(
  { name, loadSchema, options }: GatedTool,
  input: unknown,
  { toolCallId, abortSignal }: ToolCallOptions,
): Promise<GatedCall> {
  const call = { tool: name, args: input, toolCallId, schema: await loadSchema() };
  return { ...call, signal: abortSignal, wait: options.durable !== true };
}

export function misconfigured(message: string): ConfigurationError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
