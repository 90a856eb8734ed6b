import type { JsonObject, Priority } from "@holdpoint/protocol";
import type { HoldpointError } from "../../core.js";
import type { GateApproval, GateResult } from "../../gate/options.js";

/** An action of the gate as a tool for models, for whichever framework. */
export interface ActionTool {
  /** The action's id: letters, digits, `-` and `_`, at most 64. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema 2020-12, an object. */
  readonly parameters: JsonObject;
  readonly risk: Priority;
  /**
   * Has it run. Answers with a text that a model can act on alone; refusals and failures are such
   * texts.
   *
   * @throws `signal.reason`, unchanged, when aborted; what `onHeld` and `onReceipt` throw.
   */
  call(input: unknown, call?: ActionToolCall): Promise<ActionAnswer>;
}

/** One call of such a tool. */
export interface ActionToolCall {
  readonly signal?: AbortSignal | undefined;
  /**
   * The call's id, as the model's API gave it. The same call, made again under it in the same run,
   * runs once. Without it every call is a new one.
   *
   * Whatever its id, a call with the arguments of one that still waits for a person in this run, or
   * whose outcome nobody knows, is that one.
   */
  readonly toolCallId?: string | undefined;
  /**
   * Names the call in place of run and call: whoever makes it again under this key, in any process,
   * runs it once. Never take it from the model. Up to 255 characters.
   */
  readonly callKey?: string | undefined;
  /** The conversation or run. Default: {@link GateActionsOptions.runId}. Never take it from the model. */
  readonly runId?: string | undefined;
}

/** The answer for the model, and for the program around it. */
export interface ActionAnswer {
  /**
   * The output as JSON. Otherwise begins with `DONE` (no output is returned), `UNVERIFIED`, `WAIT`,
   * `STOP`, `FAILED`, `UNKNOWN` or `ERROR`.
   */
  readonly text: string;
  /** Whether it did not run with success. A call that waits for a person is no error. */
  readonly isError: boolean;
  /** With success. */
  readonly result?: GateResult;
  /** With `WAIT`: what a person decides. */
  readonly approval?: GateApproval;
  /** Why there is no other answer. */
  readonly error?: HoldpointError;
}

export interface GateActionsOptions {
  /** Only these actions, by id. Default: all that this agent may use. */
  readonly include?: readonly string[] | undefined;
  /** None of these. */
  readonly exclude?: readonly string[] | undefined;
  /**
   * Milliseconds that a call waits for a person, where one has to decide, before it answers `WAIT`.
   * Integer, 0 … 2_592_000_000. Default 20_000.
   */
  readonly waitMs?: number | undefined;
  /**
   * Names the conversation or run, and groups its calls: with it a call that is made again, in any
   * process, runs once. Default: one drawn for these tools, which no other process knows. Up to 200
   * characters.
   */
  readonly runId?: string | undefined;
  /** Default: the client's. */
  readonly environment?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a person has to decide, with where: show them `url`. */
  readonly onHeld?: ((approval: GateApproval) => void) | undefined;
  /** Called with the evidence of every call that was run, whatever came of it. */
  readonly onReceipt?: ((receipt: ActionReceipt) => void) | undefined;
}

/** Where the evidence of a call is. */
export interface ActionReceipt {
  readonly action: string;
  /** The call's id (`req_…`). */
  readonly requestId: string;
  /** Pass to `receipts.get`. */
  readonly receiptId: string;
}
