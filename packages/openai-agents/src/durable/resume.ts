import { type Decision, type JsonValue, ValidationError } from "@holdpoint/sdk";
import { describeDecision, type Gate, type GatedCall } from "@holdpoint/sdk/adapter";
import { RunContext, RunResult, RunState, run } from "@openai/agents";
import { parkRun } from "./park.js";
import {
  type AnyAgent,
  callOf,
  type DurableParts,
  type InterruptedResult,
  keyOf,
} from "./parts.js";

/** How a parked run goes on. */
export interface ResumeRunOptions<
  Context,
  TAgent extends AnyAgent,
  Result extends InterruptedResult<Context> = RunResult<Context, TAgent>,
> {
  /** The one the run began with, its tools gated by the same options. */
  readonly agent: TAgent;
  /**
   * Runs it. Default: `run(agent, state)`. Give your own to use a `Runner` or a session, or to
   * stream: a streamed result has to have completed.
   */
  readonly run?: ((state: RunState<Context, TAgent>) => Promise<Result>) | undefined;
  /** Makes the context out of what was parked of it, for example puts clients and secrets back. */
  readonly context?: ((parked: Context) => Context | Promise<Context>) | undefined;
}

/** Answers every interruption that a person has decided, runs on, and asks for what comes up. */
export async function resumeRun<
  Context,
  TAgent extends AnyAgent,
  Result extends InterruptedResult<Context>,
>(
  parts: DurableParts<Context>,
  parked: string,
  options: ResumeRunOptions<Context, TAgent, Result>,
): Promise<Result> {
  const state = await restore(parked, options);
  const approved = await answerAll(state, parts);
  parts.approved.add(approved);
  try {
    const result = await (options.run?.(state) ??
      (run<TAgent, Context>(options.agent, state) as Promise<unknown> as Promise<Result>));
    await parkRun(parts, result);
    return result;
  } finally {
    parts.approved.delete(approved);
  }
}

async function restore<Context, TAgent extends AnyAgent>(
  parked: string,
  { agent, context }: Pick<ResumeRunOptions<Context, TAgent>, "agent" | "context">,
): Promise<RunState<Context, TAgent>> {
  const state = await load(() => RunState.fromString<Context, TAgent>(agent, parked));
  if (context === undefined) return state;
  const fresh = new RunContext<Context>(await context(new RunResult(state).runContext.context));
  return load(() => RunState.fromStringWithContext(agent, parked, fresh));
}

async function load<State>(read: () => Promise<State>): Promise<State> {
  try {
    return await read();
  } catch (cause) {
    const message =
      "Expected a run state that this agent and this version of @openai/agents can load, got another. Nothing ran. A state loads into the version that wrote it, or a later one that still reads it, and into an agent with the same tools and agents. See cause.";
    throw new ValidationError({ code: "VALIDATION_FAILED", message, cause });
  }
}

/**
 * Whatever the state says of its approvals: what counts is the decision.
 *
 * @returns the calls that are approved.
 */
async function answerAll<Context>(
  state: RunState<Context, AnyAgent>,
  parts: DurableParts<Context>,
): Promise<ReadonlySet<string>> {
  const { gate } = parts;
  const { runContext } = new RunResult(state);
  const approved = new Set<string>();
  for (const item of state.getInterruptions()) {
    const call = callOf(item, runContext, parts);
    const decision = await findDecision(gate, call);
    if (decision?.approved) {
      state.approve(item);
      approved.add(keyOf(call));
    } else if (decision) {
      state.reject(item, { message: describeDecision(gate.nameOf(call), decision) });
    }
  }
  return approved;
}

/** `undefined`: nobody has decided yet. */
async function findDecision(gate: Gate, call: GatedCall): Promise<Decision<JsonValue> | undefined> {
  const { id } = await gate.hold(call);
  const { status } = await gate.holdpoint.requests.get(id);
  return status === "PENDING" ? undefined : gate.holdpoint.wait(id);
}
