import type { HoldpointError } from "@holdpoint/sdk";
import type { GateOptions, ToolCall } from "@holdpoint/sdk/adapter";

/** How a crew's tools are gated. */
export interface CrewGateOptions extends GateOptions {
  /**
   * Names a call where the crew has no ids for calls, as KaibanJS has none: calls of the same name in
   * one run are one call, asked and run once. Default: every call is one of its own.
   */
  readonly toolCallId?: ((call: Pick<ToolCall, "tool" | "args">) => string) | undefined;
  /**
   * False: a call that nobody has decided answers `PENDING …` at once, and the crew goes on without
   * it. Run the crew again under the same `runId` when it is decided. Default true: the call waits.
   */
  readonly wait?: boolean | undefined;
  /** Told why a call could not be asked about. The model is given a text that is safe to read. */
  readonly onError?: ((error: HoldpointError) => void) | undefined;
}
