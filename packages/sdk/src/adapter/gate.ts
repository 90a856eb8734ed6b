import { Holdpoint } from "../core.js";
import type { DeferredRequest } from "../holdpoint.js";
import type { ObservedCall } from "../observations/options.js";
import type { StateData } from "../states/options.js";
import { type Execute, runAsked } from "./asked.js";
import type { GatedCall, GateOptions, ToolCall, Verdict } from "./call.js";
import { claimAsked } from "./claim.js";
import type { ClaimOutcome, GateOutcome } from "./outcome.js";
import { createJudge } from "./policy.js";
import { actionOf, composeQuestion, runIdOf, toRequest } from "./question.js";
import { describeDenial } from "./text.js";

/** Stands between a model's tool calls and the tools. */
export interface Gate {
  readonly holdpoint: Holdpoint;
  /**
   * What becomes of a call; nothing is sent.
   *
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: the policy threw, or gave no verdict.
   */
  judge(call: ToolCall): Promise<Verdict>;
  /**
   * Runs a call as the policy and, where it says so, a person allow: once, with the approved
   * arguments. The same call again, in this process or another, finds its question and its result.
   *
   * @throws what `execute` throws, unchanged; what {@link Holdpoint.guard} throws, but for
   *   rejections and, with `wait: false`, questions without an answer, which are outcomes.
   */
  run<Result>(
    call: GatedCall,
    execute: Execute<Result>,
    codec?: ResultCodec<Result>,
  ): Promise<GateOutcome<Result>>;
  /**
   * Puts the question and returns at once; {@link Gate.run} finds it later, in any process.
   *
   * @param options.state - The agent's memory, parked with the question. What was parked first stays.
   */
  hold(call: GatedCall, options?: { readonly state?: StateData }): Promise<DeferredRequest>;
  /**
   * As {@link Gate.run}, for a call that somebody else runs, for example the framework itself: claims
   * the right to run it, and leaves the running and the settling to the caller. Nobody renews the
   * lease meanwhile, so give `leaseMs` the longest that the tool may take.
   *
   * @param options.state - As for {@link Gate.hold}.
   * @throws what {@link Gate.run} throws, but for what the tool throws.
   */
  claim(call: GatedCall, options?: { readonly state?: StateData }): Promise<ClaimOutcome>;
  /** How people and models read the call: `<service> / <action>`. */
  nameOf(call: ToolCall): string;
}

/** Takes a result to plain JSON for the record, and back. Default: it is plain JSON. */
export interface ResultCodec<Result> {
  record(result: Result): unknown;
  revive(recorded: unknown): Result;
}

/**
 * Makes a gate: what every adapter for an agent framework is made of.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function createGate(options: GateOptions): Gate {
  const holdpoint = options.holdpoint ?? new Holdpoint();
  const judge = createJudge(options.policy);
  // Never another gate's: a call id that a model has used before must not find an old approval.
  const ownRunId = `run_${crypto.randomUUID()}`;
  const question = (call: GatedCall) => composeQuestion(options, call, ownRunId);
  // In the run that its questions are in, for the order of both is what is usual.
  const observe = (call: ToolCall) =>
    holdpoint.observe(composeObservation(options, call, ownRunId));
  const nameOf = (call: ToolCall) => `${options.service} / ${actionOf(options, call)}`;
  return {
    holdpoint,
    judge,
    nameOf,
    async run(call, execute, codec) {
      const verdict = await judge(call);
      if (verdict === "deny") return { type: "refused", text: describeDenial(nameOf(call)) };
      if (verdict === "ask") {
        const asked = { holdpoint, options, call, name: nameOf(call) };
        return runAsked({ ...asked, question: await question(call) }, execute, codec);
      }
      if (verdict === "observe") observe(call);
      const result = await execute(call.args, { signal: call.signal });
      return { type: "ran", result, isReplay: false };
    },
    async claim(call, { state } = {}) {
      const verdict = await judge(call);
      if (verdict === "deny") return { type: "refused", text: describeDenial(nameOf(call)) };
      if (verdict === "ask") {
        const asked = { holdpoint, options, call, name: nameOf(call) };
        return claimAsked({ ...asked, question: await question(call) }, state);
      }
      if (verdict === "observe") observe(call);
      return { type: "cleared" };
    },
    async hold(call, { state } = {}) {
      const request = toRequest(await question(call), call);
      return holdpoint.defer(
        { ...request, ...(state !== undefined && { state }) },
        { ...(call.signal && { signal: call.signal }) },
      );
    },
  };
}

function composeObservation(options: GateOptions, call: ToolCall, ownRunId: string): ObservedCall {
  const { service, environment } = options;
  return {
    service,
    action: actionOf(options, call),
    payload: call.args,
    runId: runIdOf(options, call) ?? ownRunId,
    ...(environment !== undefined && { environment }),
  };
}
