import { ApprovalRejectedError, ApprovalRequiredError, ValidationError } from "../core.js";
import type { GuardOptions } from "../guard/options.js";
import type { Holdpoint } from "../holdpoint.js";
import type { ApprovedDecision, Decision, ModifiedDecision } from "../requests/decision.js";
import type { JsonSchema } from "../requests/options.js";
import { describeDecision } from "../tool/text.js";
import { type GatedCall, type GateOptions, perCall } from "./call.js";
import type { ResultCodec } from "./gate.js";
import type { GateOutcome } from "./outcome.js";
import type { Question } from "./question.js";
import { describeChange, describePending } from "./text.js";

/** What a tool is given beside its arguments. */
export interface ExecuteContext {
  /** Aborts with the caller's signal, and when the right to run is lost. */
  readonly signal?: AbortSignal | undefined;
  /** The same for every run under one approval; absent when nobody was asked. */
  readonly idempotencyKey?: string;
  /** The approval; absent when nobody was asked. */
  readonly decision?: ApprovedDecision<unknown> | ModifiedDecision<unknown>;
}

/** Runs the tool with the approved, perhaps edited, arguments. */
export type Execute<Result> = (args: unknown, context: ExecuteContext) => Result | Promise<Result>;

/** A call that a person decides. */
export interface AskedCall {
  readonly holdpoint: Holdpoint;
  readonly options: GateOptions;
  readonly call: GatedCall;
  readonly question: Question;
  /** How people and models read it. */
  readonly name: string;
}

/** Asks, runs once under the approval, and answers with what became of it. */
export async function runAsked<Result>(
  { holdpoint, options, call, question, name }: AskedCall,
  execute: Execute<Result>,
  codec?: ResultCodec<Result>,
): Promise<GateOutcome<Result>> {
  let decision: Decision<unknown> | undefined;
  let own: { readonly result: Result } | undefined;
  let pendingId: string | undefined;
  const onPending = ({ id, url }: { readonly id: string; readonly url: string }) => {
    pendingId = id;
    options.onPending?.({ call, id, url });
  };
  const given = { ...guardOptions(options, call, question), onPending };
  const guarded = holdpoint.guard(given, async (args, context) => {
    const { signal, idempotencyKey, decision } = context;
    const result = await execute(args, { signal, idempotencyKey, decision });
    own = { result };
    return codec ? codec.record(result) : result;
  });
  try {
    const recorded = await guarded(call.args, {
      wait: call.wait ?? true,
      onDecision: (answer) => {
        decision = answer;
      },
      ...(call.signal && { signal: call.signal }),
    });
    return ran(decision, own, () => (codec ? codec.revive(recorded) : (recorded as Result)));
  } catch (error) {
    if (ApprovalRejectedError.isInstance(error) && error.decision) {
      const text = describeDecision(name, error.decision);
      return { type: "refused", decision: error.decision, text };
    }
    if (ApprovalRequiredError.isInstance(error) && error.requestId && error.url) {
      const { requestId: id, url } = error;
      return { type: "pending", id, url, text: describePending(name, { id, url }) };
    }
    // It ran here, and only what it returned could not be put on record.
    if (own && ValidationError.isInstance(error)) return ran(decision, own, () => own?.result);
    const isLeft = call.signal?.aborted && options.cancelOnAbort && decision === undefined;
    // Where it cannot be cancelled it has its answer, or expires: either way nothing runs here.
    if (isLeft && pendingId) await holdpoint.requests.cancel(pendingId).catch(() => {});
    throw error;
  }
}

function guardOptions(
  { idempotent, leaseMs }: GateOptions,
  call: GatedCall,
  question: Question,
): GuardOptions<unknown, JsonSchema> {
  return {
    ...question,
    ...(idempotent !== undefined && { idempotent: perCall(idempotent, call) }),
    ...(leaseMs !== undefined && { leaseMs }),
  };
}

function ran<Result>(
  decision: Decision<unknown> | undefined,
  own: { readonly result: Result } | undefined,
  revive: () => Result | undefined,
): GateOutcome<Result> {
  const result = own ? own.result : (revive() as Result);
  const note = decision && describeChange(decision);
  return {
    type: "ran",
    result,
    isReplay: own === undefined,
    ...(decision?.approved && { decision }),
    ...(note !== undefined && { note }),
  };
}
