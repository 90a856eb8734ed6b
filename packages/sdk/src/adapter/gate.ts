import type { JsonObject } from "@holdpoint/protocol";
import { digestJson, Holdpoint } from "../core.js";
import type { DeferredRequest } from "../holdpoint.js";
import type { JsonSchema, RequestOptions } from "../requests/options.js";
import type { StateData } from "../states/options.js";
import { type Execute, runAsked } from "./asked.js";
import { type GatedCall, type GateOptions, perCall, type ToolCall, type Verdict } from "./call.js";
import { claimAsked } from "./claim.js";
import type { ClaimOutcome, GateOutcome } from "./outcome.js";
import { createJudge } from "./policy.js";
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
      if (verdict === "observe") observe(holdpoint, options, call);
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
      if (verdict === "observe") observe(holdpoint, options, call);
      return { type: "cleared" };
    },
    async hold(call, { state } = {}) {
      const { key, ...asked } = await question(call);
      const payload = { payload: call.args, idempotencyKey: key };
      return holdpoint.defer(
        { ...asked, ...payload, ...(state !== undefined && { state }) } as RequestOptions<
          unknown,
          JsonSchema
        >,
        { ...(call.signal && { signal: call.signal }) },
      );
    },
  };
}

/** What is asked of a call, but for its arguments. */
export interface Question {
  readonly service: string;
  readonly action: string;
  readonly runId: string;
  readonly key: string;
  readonly metadata: JsonObject;
}

/**
 * The question of a call. Its key names the call alone, not its arguments: a call whose arguments
 * have changed since it was asked is a conflict, and not another question.
 */
async function composeQuestion(
  options: GateOptions,
  call: GatedCall,
  ownRunId: string,
): Promise<Question> {
  const { tool, toolCallId, schema } = call;
  const { service, timeoutMs, environment, priority, role, metadata } = options;
  const runId = call.runId ?? (options.runId && perCall(options.runId, call)) ?? ownRunId;
  const given = {
    schema,
    timeoutMs,
    environment,
    priority: priority && perCall(priority, call),
    role: perCall(role, call),
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    service,
    action: actionOf(options, call),
    runId,
    key: await digestJson(["holdpoint.tool-call.v1", runId, tool, toolCallId]),
    metadata: {
      ...(metadata && perCall(metadata, call)),
      "holdpoint.tool": tool,
      "holdpoint.tool_call_id": toolCallId,
    },
  };
}

function actionOf({ action }: GateOptions, call: ToolCall): string {
  return action === undefined ? call.tool : perCall(action, call);
}

function observe(holdpoint: Holdpoint, options: GateOptions, call: ToolCall): void {
  const { service, environment } = options;
  const runId = call.runId ?? (options.runId && perCall(options.runId, call));
  holdpoint.observe({
    service,
    action: actionOf(options, call),
    payload: call.args,
    ...(runId !== undefined && { runId }),
    ...(environment !== undefined && { environment }),
  });
}
