import type { WebhookHandler } from "@holdpoint/sdk";
import { createGate, type Gate, type GatedCall, type PendingCall } from "@holdpoint/sdk/adapter";
import type { RunContext, RunResult } from "@openai/agents";
import type { AnyFunctionTool } from "../function-tool.js";
import { requireGateable } from "../gate-tools.js";
import { type Gating, gateTool } from "../gated-tool.js";
import { type GateToolsOptions, type RunId, runIdOf } from "../options.js";
import { createHold } from "./hold.js";
import { parkRun } from "./park.js";
import {
  type AnyAgent,
  type DurableParts,
  type InterruptedResult,
  keyOf,
  type ToolRegistry,
} from "./parts.js";
import { type ResumeRunOptions, resumeRun } from "./resume.js";
import { createRunHandler, type ResumeFromWebhookOptions } from "./webhook.js";

/** How tools are gated whose runs outlive the process. */
export interface DurableGateOptions<Context = unknown> extends GateToolsOptions<Context> {
  /** By it another process finds the questions again, so it has to come out the same there. */
  readonly runId: RunId<Context>;
}

/** A gate that ends the run where a person has to decide, and goes on with it anywhere. */
export interface DurableGate<Context = unknown> {
  /**
   * The tools, to give to agents. A call that a person has to decide becomes an interruption of the
   * run, as `needsApproval` makes it.
   *
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: a tool that cannot be gated.
   */
  gateTools<Tools extends readonly AnyFunctionTool[] | []>(tools: Tools): Tools;
  /**
   * Asks for every interruption of a run and parks the run's state with each. Then this process may
   * end. Safe to repeat: the same calls ask once. Without interruptions it does nothing.
   *
   * The state holds the conversation and the context as JSON; it is encrypted before it leaves.
   *
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: one of another tool.
   */
  parkInterruptions(result: InterruptedResult<Context>): Promise<readonly PendingCall[]>;
  /**
   * Goes on with a run, in this process or another: approves and rejects its interruptions as people
   * have decided, runs it, and parks what comes up again. What nobody has decided stays an
   * interruption, and does not run.
   *
   * @param state - `result.state.toString()`.
   * @throws {ValidationError} `VALIDATION_FAILED`: the state does not load into this agent, or this
   *   version of the framework.
   * @throws {IdempotencyConflictError} `IDEMPOTENCY_CONFLICT`: a call is not the one that was asked.
   */
  resume<
    TAgent extends AnyAgent,
    Result extends InterruptedResult<Context> = RunResult<Context, TAgent>,
  >(state: string, options: ResumeRunOptions<Context, TAgent, Result>): Promise<Result>;
  /**
   * A webhook handler that resumes parked runs, each once, when the last of its calls is answered.
   * It leaves alone what a gate of another `service` has parked.
   */
  resumeFromWebhook<
    TAgent extends AnyAgent,
    Result extends InterruptedResult<Context> = RunResult<Context, TAgent>,
  >(options: ResumeFromWebhookOptions<Context, TAgent, Result>): WebhookHandler;
}

/**
 * Makes a durable gate.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function createDurableGate<Context = unknown>({
  runId,
  errorFunction,
  ...options
}: DurableGateOptions<Context>): DurableGate<Context> {
  const tools: ToolRegistry = { gated: new WeakSet(), schemas: new Map() };
  const judging = createGate(options);
  const asking = createGate({ ...options, holdpoint: judging.holdpoint, policy: insist(judging) });
  const approved: DurableParts<Context>["approved"] = new Set();
  const gateOf = (call: GatedCall) =>
    approved.size > 0 && [...approved].some((calls) => calls.has(keyOf(call))) ? asking : judging;
  const gating: Gating<Context> = { gateOf, runId, errorFunction, wait: false };
  const parts: DurableParts<Context> = {
    adapter: `openai-agents ${options.service}`,
    gate: { ...judging, hold: createHold(judging, tools) },
    runId,
    tools,
    approved,
  };
  return {
    gateTools: (given) =>
      given.map((tool) => {
        const gated = gateTool(requireGateable(tool), gating);
        tools.gated.add(gated.invoke);
        tools.schemas.set(tool.name, tool.parameters);
        return interrupting(gated, { tool, judging, runId });
      }) as unknown as typeof given,
    parkInterruptions: (result) => parkRun(parts, result),
    resume: (state, given) => resumeRun(parts, state, given),
    resumeFromWebhook: (given) => createRunHandler(parts, given),
  };
}

/** A call that a run was interrupted for stays one for a person, should the policy change meanwhile. */
function insist({ judge }: Gate): GateToolsOptions["policy"] {
  return async (call) => ((await judge(call)) === "deny" ? "deny" : "ask");
}

interface Interrupting<Context> {
  /** As it was given. */
  readonly tool: AnyFunctionTool;
  readonly judging: Gate;
  readonly runId: RunId<Context>;
}

function interrupting<Context>(
  gated: AnyFunctionTool,
  { tool, judging, runId }: Interrupting<Context>,
): AnyFunctionTool {
  const needsApproval: AnyFunctionTool["needsApproval"] = async (runContext, args, callId = "") => {
    const call = { tool: tool.name, args, toolCallId: callId };
    const name = runIdOf(runId, runContext as RunContext<Context>);
    const verdict = await judging.judge({ ...call, runId: name });
    if (verdict === "ask" || verdict === "deny") return verdict === "ask";
    return tool.needsApproval(runContext, args as never, callId);
  };
  return { ...gated, needsApproval };
}
