import type { JsonObject, Priority } from "@holdpoint/protocol";
import type { Execution } from "../executions/execution.js";
import type { ApprovedDecision, Decision, ModifiedDecision } from "../requests/decision.js";
import type { CallOptions, PayloadSchema } from "../requests/options.js";
import type { StateData } from "../states/options.js";

/** How a function is guarded. */
export interface GuardOptions<Args, Schema extends PayloadSchema = PayloadSchema> {
  /** The part of your system that acts, for example `billing`. One line, up to 100 characters. */
  readonly service: string;
  /** What it does, for example `refund`. One line, up to 200 characters. */
  readonly action: string;
  /** Makes the edit form and binds every edit; the arguments are checked before they are sent. */
  readonly schema?: Schema;
  /** Default `medium`. */
  readonly priority?: Priority;
  /** Only operators of this role (or admins) may decide. */
  readonly role?: string;
  /** Milliseconds until the request expires, as in `ask`. Default 86_400_000 (24 hours). */
  readonly timeoutMs?: number;
  /** Your own labels, in clear. The name `holdpoint.witness` is taken. */
  readonly metadata?: JsonObject;
  /** Default: the client's. */
  readonly environment?: string;
  /** The run of the agent this belongs to. Default: the call's. Up to 200 characters. */
  readonly runId?: string | ((args: Args) => string);
  /** The tool call this answers, as the model's API names it. Default: the call's. */
  readonly toolCallId?: string | ((args: Args) => string);
  /**
   * Names the one run there may be, in place of run and tool call ids: for example the id of the
   * order. Never take it from the model. Up to 255 characters.
   */
  readonly key?: string | ((args: Args) => string);
  /**
   * Running it twice with the same `idempotencyKey` has one effect. Only then is it run again after
   * a crash whose outcome nobody knows. Default false.
   */
  readonly idempotent?: boolean;
  /**
   * Milliseconds the run may go without a sign of life; renewed while it lasts. Integer, 1_000 …
   * 3_600_000. Default 60_000.
   */
  readonly leaseMs?: number;
  /**
   * Reads what the approval rests on, for example the balance: once to ask and again right before
   * running, both times with the arguments as asked. When it has changed, nothing runs, and the
   * question is put again with what changed. JSON.
   */
  readonly witness?: (args: Args) => unknown;
  /** The agent's memory, parked with the question. */
  readonly state?: (args: Args) => StateData;
  /** Called when a person has to decide, with where. */
  readonly onPending?: (request: { readonly id: string; readonly url: string }) => void;
}

/** What may differ from call to call. */
export interface GuardCall extends CallOptions {
  readonly runId?: string;
  readonly toolCallId?: string;
  readonly key?: string;
  /**
   * False: where nobody has decided yet, throws {@link ApprovalRequiredError} at once instead of
   * waiting; the question has been put all the same. Default true.
   */
  readonly wait?: boolean;
  /** Told of the answer before anything runs, also when the run is on record already. */
  readonly onDecision?: (decision: Decision<unknown>) => void;
}

/** What a guarded function is given beside its arguments. */
export interface GuardContext {
  /** The same for every run under this approval: hand it to whatever takes an idempotency key. */
  readonly idempotencyKey: string;
  /** Aborts with the caller's signal, and when the right to run is lost. */
  readonly signal: AbortSignal;
  readonly execution: Execution;
  readonly decision: ApprovedDecision<unknown> | ModifiedDecision<unknown>;
}

/** The function as it is guarded: runs with the approved, perhaps edited, arguments. */
export type GuardedAction<Args, Result> = (args: Args, context: GuardContext) => Result;

/** Asks, waits, and runs once. Resolves to the result as JSON, also when it ran before. */
export type GuardedFunction<Args, Result> = (args: Args, call?: GuardCall) => Promise<Result>;
