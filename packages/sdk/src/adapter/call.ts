import type { JsonObject, Priority } from "@holdpoint/protocol";
import type { Holdpoint } from "../holdpoint.js";
import type { PayloadSchema } from "../requests/options.js";

/** A tool call of a model, as every agent framework has one. */
export interface ToolCall<Args = unknown> {
  /** The tool's name, as the model knows it. */
  readonly tool: string;
  /** Plain JSON, as the model gave it and the framework has checked it. */
  readonly args: Args;
  /** The call's id, as the model's API gave it. */
  readonly toolCallId: string;
  /** The conversation or run it belongs to. Default: {@link GateOptions.runId}. */
  readonly runId?: string | undefined;
}

/**
 * What becomes of a call. `ask`: a person decides. `observe`: it runs, and the control plane is
 * told of it. `allow`: it runs. `deny`: it does not.
 */
export type Verdict = "ask" | "observe" | "allow" | "deny";

/**
 * Which calls need a person: one verdict for all; a verdict per tool, with `"*"` for those not named
 * (default `ask`); or a function, where `true` means `ask` and `false` means `observe`.
 *
 * A framework may judge a call again when it resumes, so a function has no side effects.
 */
export type GatePolicy =
  | Verdict
  | Readonly<Record<string, Verdict>>
  | ((call: ToolCall) => Verdict | boolean | Promise<Verdict | boolean>);

/** A value, or how to get it from the call. */
export type PerCall<Value> = Value | ((call: ToolCall) => Value);

/** How tool calls are gated. */
export interface GateOptions {
  /** The part of your system that acts, for example `billing`. One line, up to 100 characters. */
  readonly service: string;
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /** Default `ask`: a person decides every call. */
  readonly policy?: GatePolicy | undefined;
  /**
   * Names the conversation or run. With it a restarted process finds its own questions again. Never
   * take it from the model or an unchecked client. Default: the framework's own, where it has one;
   * else one drawn for this gate, which no other process knows. Up to 200 characters.
   */
  readonly runId?: PerCall<string> | undefined;
  /** What the call would do, as people read it. Default: the tool's name. Up to 200 characters. */
  readonly action?: PerCall<string> | undefined;
  /** Default `medium`. */
  readonly priority?: PerCall<Priority> | undefined;
  /** Only operators of this role (or admins) may decide. */
  readonly role?: PerCall<string | undefined> | undefined;
  /** Milliseconds until a question expires. Default 86_400_000 (24 hours). Silence is no consent. */
  readonly timeoutMs?: number | undefined;
  /** Your own labels, in clear. Names that begin with `holdpoint.` are taken. */
  readonly metadata?: PerCall<JsonObject> | undefined;
  /** Default: the client's. */
  readonly environment?: string | undefined;
  /**
   * Running a call twice with the same `idempotencyKey` has one effect. Only then is it run again
   * after a crash whose outcome nobody knows. Default false.
   */
  readonly idempotent?: PerCall<boolean> | undefined;
  /** Milliseconds a run may go without a sign of life; renewed while it lasts. Default 60_000. */
  readonly leaseMs?: number | undefined;
  /**
   * Cancels the question when the call is aborted while it waits. Default false: it stays open, for
   * frameworks and hosts also abort what merely takes long, and the same call finds it again.
   */
  readonly cancelOnAbort?: boolean | undefined;
  /** Called when a person has to decide, with where. */
  readonly onPending?: ((pending: PendingCall) => void) | undefined;
}

/** A question that waits for a person. */
export interface PendingCall {
  readonly call: ToolCall;
  /** The request (`req_…`). */
  readonly id: string;
  readonly url: string;
}

/** A call on its way through a gate. */
export interface GatedCall<Args = unknown> extends ToolCall<Args> {
  /** The tool's own schema: makes the edit form, and binds every edit. */
  readonly schema?: PayloadSchema | undefined;
  readonly signal?: AbortSignal | undefined;
  /** False: where nobody has decided yet, answers `pending` at once. Default true. */
  readonly wait?: boolean | undefined;
}

/** Resolves a {@link PerCall}. */
export function perCall<Value>(value: PerCall<Value>, call: ToolCall): Value {
  return typeof value === "function" ? (value as (call: ToolCall) => Value)(call) : value;
}
