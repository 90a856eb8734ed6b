import type { PayloadSchema } from "@holdpoint/sdk";
import type { GateOptions, ToolCall } from "@holdpoint/sdk/adapter";

/** How the tools of a LangChain agent are gated. */
export interface LangChainGateOptions extends GateOptions {
  /**
   * What a call does until somebody has decided. `wait`: it waits, in this process. `interrupt`: it
   * interrupts the graph, which needs a checkpointer, and the process may end; see
   * `resumeFromWebhook`. Default `wait`.
   */
  readonly mode?: "wait" | "interrupt" | undefined;
  /**
   * Told of every call that failed rather than being refused, for the model is only told what is
   * safe. What it throws is thrown on, which ends the run. Default: nothing.
   */
  readonly onError?: ((error: unknown, call: ToolCall) => void) | undefined;
}

/** A tool call as LangChain hands it over. */
export interface LangChainCall {
  readonly tool: string;
  readonly args: unknown;
  /** Absent where a program calls the tool, and no model. */
  readonly toolCallId: string | undefined;
  readonly configurable: Readonly<Record<string, unknown>> | undefined;
  readonly schema: PayloadSchema | undefined;
  readonly signal: AbortSignal | undefined;
}
