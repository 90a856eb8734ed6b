import { ConfigurationError, ExecutionFailedError, type HoldpointError } from "@holdpoint/sdk";
import {
  createGate,
  describeError,
  type Execute,
  type ExecuteContext,
  type Gate,
  type GatedCall,
  type GateOptions,
  type PendingOutcome,
} from "@holdpoint/sdk/adapter";
import type { ToolMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { INTERRUPTED, interruptFor } from "./durable/interrupt.js";
import type { LangChainCall, LangChainGateOptions } from "./options.js";
import { createResultCodec } from "./record.js";
import { addNote, createErrorMessage, createRefusal } from "./result.js";

/**
 * Runs a call as policy and people allow, and answers with its result, or with a tool message that
 * says why there is none.
 *
 * @throws what has to reach LangGraph (interrupts), an abort's reason, what a tool throws that ran
 *   without being asked for, and every failure where no model waits for an answer.
 */
export type ToolGate = <Output>(
  call: LangChainCall,
  execute: Execute<Output>,
) => Promise<Output | ToolMessage>;

/**
 * Makes a gate of LangChain's.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, or no mode.
 */
export function createToolGate(options: LangChainGateOptions): ToolGate {
  const { mode = "wait", onError, ...given } = options;
  if (mode !== "wait" && mode !== "interrupt") {
    throw invalid(`Expected mode to be wait or interrupt, got ${String(mode)}.`);
  }
  const isDurable = mode === "interrupt";
  const gate = createGate(isDurable ? markInterrupted(given) : given);
  return async (call, execute) => {
    for (;;) {
      const gated = toGatedCall(call, given, isDurable);
      const ended = await attempt(gate, gated, { call, execute, onError });
      if (!("pending" in ended)) return ended.answer;
      // Outside of what catches: what this throws is LangGraph's, and the graph's node runs again.
      interruptFor(call, ended.pending);
    }
  };
}

interface Attempt<Output> {
  readonly call: LangChainCall;
  readonly execute: Execute<Output>;
  readonly onError: LangChainGateOptions["onError"];
}

type Ended<Output> =
  | { readonly answer: Output | ToolMessage }
  | { readonly pending: PendingOutcome };

async function attempt<Output>(
  gate: Gate,
  gated: GatedCall,
  { call, execute, onError }: Attempt<Output>,
): Promise<Ended<Output>> {
  const name = gate.nameOf(gated);
  const own = watch(execute);
  try {
    if (gated.wait === false) requireToolCallId(call);
    const outcome = await gate.run(gated, own.execute, createResultCodec<Output>());
    if (outcome.type === "pending") return { pending: outcome };
    if (outcome.type === "ran") {
      return { answer: addNote(outcome.result, outcome.note, call.toolCallId) };
    }
    if (call.toolCallId === undefined) throw createRefusal(name, outcome);
    const { decision, text } = outcome;
    return { answer: createErrorMessage(call, text, decision ? { decision } : {}) };
  } catch (thrown) {
    const isOwn = own.failure !== undefined && own.failure.error === thrown;
    const wasAsked = own.failure?.context.decision !== undefined;
    const isForOthers = isGraphBubbleUp(thrown) || call.signal?.aborted || (isOwn && !wasAsked);
    if (isForOthers || call.toolCallId === undefined) throw thrown;
    const error = isOwn ? failedUnderApproval(own.failure) : thrown;
    onError?.(error, gated);
    return { answer: createErrorMessage(call, describeError(name, error), { error }) };
  }
}

interface ToolFailure {
  readonly error: unknown;
  readonly context: ExecuteContext;
}

/** Tells what the tool itself threw from what else may fail. */
function watch<Output>(execute: Execute<Output>) {
  const watched: { failure?: ToolFailure; readonly execute: Execute<Output> } = {
    async execute(args, context) {
      try {
        return await execute(args, context);
      } catch (error) {
        watched.failure = { error, context };
        throw error;
      }
    },
  };
  return watched;
}

function failedUnderApproval(failure: ToolFailure | undefined): ExecutionFailedError {
  const requestId = failure?.context.decision?.id;
  return new ExecutionFailedError({
    code: "EXECUTION_FAILED",
    message: `${requestId} was approved, ran and failed; it is not run again. See cause.`,
    requestId,
    cause: failure?.error,
  });
}

function toGatedCall(call: LangChainCall, options: GateOptions, isDurable: boolean): GatedCall {
  const { tool, args, schema, signal, configurable } = call;
  const threadId: unknown = configurable?.thread_id;
  const isNamed = options.runId !== undefined || threadId === undefined || threadId === null;
  return {
    tool,
    args,
    // A program's own call is one of a kind: it has no name under which it could be found again.
    toolCallId: call.toolCallId ?? `call_${crypto.randomUUID()}`,
    ...(!isNamed && { runId: String(threadId) }),
    schema,
    signal,
    wait: !isDurable,
  };
}

function markInterrupted(options: GateOptions): GateOptions {
  const { metadata } = options;
  return {
    ...options,
    metadata: (call) => ({
      ...(typeof metadata === "function" ? metadata(call) : metadata),
      ...INTERRUPTED,
    }),
  };
}

function requireToolCallId({ tool, toolCallId }: LangChainCall): void {
  if (toolCallId !== undefined) return;
  throw invalid(
    `Expected a tool call with an id to interrupt for, got a call of ${tool} without one. Invoke it with the model's tool call, or use mode wait.`,
  );
}

/** Something is set up wrongly. */
export function invalid(message: string): HoldpointError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
