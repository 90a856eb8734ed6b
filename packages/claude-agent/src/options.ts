import type { PayloadSchema } from "@holdpoint/sdk";
import type { GatedCall, GateOptions, ToolCall } from "@holdpoint/sdk/adapter";

/** How Claude's tool calls are gated: built-in tools, MCP tools, all of them. */
export interface ClaudeGateOptions extends GateOptions {
  /**
   * The tools' own input schemas, by the name the model knows (`mcp__bank__transfer`). Each makes the
   * edit form and binds every edit. Claude does not tell a hook what a tool takes, so without its
   * schema an edit is bound by nothing but the tool.
   */
  readonly schemas?: Readonly<Record<string, PayloadSchema>> | undefined;
  /**
   * Milliseconds a tool may take before its outcome counts as unknown. What it came to is still put on
   * record when it takes longer. Integer, 1_000 … 3_600_000. Default 600_000 (10 minutes).
   */
  readonly leaseMs?: number | undefined;
  /** Told of everything that fails beside the conversation. Default: `console.error`. */
  readonly onError?: ((error: unknown, call?: ToolCall) => unknown) | undefined;
}

/** Options with every default in place. */
export interface ResolvedOptions extends ClaudeGateOptions {
  readonly leaseMs: number;
  readonly onError: (error: unknown, call?: ToolCall) => unknown;
}

/** As long as Claude lets a command of its own run. */
const LEASE_MS = 600_000;

export function resolveOptions(options: ClaudeGateOptions): ResolvedOptions {
  const { leaseMs = LEASE_MS, onError = logError } = options;
  return { ...options, leaseMs, onError };
}

/** One call as Claude makes it, to be gated. */
export interface ClaudeCall {
  readonly tool: string;
  readonly args: unknown;
  readonly toolCallId: string;
  readonly sessionId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The session is the run, unless the options name another. */
export function gatedCall(
  { schemas, runId }: ClaudeGateOptions,
  { sessionId, ...call }: ClaudeCall,
): GatedCall {
  const schema = schemas && Object.hasOwn(schemas, call.tool) ? schemas[call.tool] : undefined;
  const named = runId === undefined && sessionId !== undefined ? { runId: sessionId } : {};
  return { ...call, schema, ...named };
}

/** What a tool takes: an object. */
export function isArguments(args: unknown): args is Readonly<Record<string, unknown>> {
  return typeof args === "object" && args !== null && !Array.isArray(args);
}

function logError(error: unknown): void {
  console.error(error);
}
