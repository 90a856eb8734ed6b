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
  type RanOutcome,
  type RefusedOutcome,
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
    const outcome = await gate.run(gated, own.execute, createResultCodec<Output>());
    if (outcome.type === "pending") return { pending: outcome };
    return { answer: toAnswer(name, call, outcome) };
  } catch (thrown) {
    const error = toTellable(thrown, call, own.failure);
    onError?.(error, gated);
    return { answer: createErrorMessage(call, describeError(name, error), { error }) };
  }
}

function toAnswer<Output>(
  name: string,
  call: LangChainCall,
  outcome: RanOutcome<Output> | RefusedOutcome,
): Output | ToolMessage {
  if (outcome.type === "ran") return addNote(outcome.result, outcome.note, call.toolCallId);
  if (call.toolCallId === undefined) throw createRefusal(name, outcome);
  const { decision, text } = outcome;
  return createErrorMessage(call, text, decision ? { decision } : {});
}

/** What a model may be told of a failure; what is for others to know is thrown on. */
function toTellable(
  thrown: unknown,
  { toolCallId, signal }: LangChainCall,
  failure: ToolFailure | undefined,
): unknown {
  if (isGraphBubbleUp(thrown) || signal?.aborted || toolCallId === undefined) throw thrown;
  if (failure === undefined || failure.error !== thrown) return thrown;
  const { decision } = failure.context;
  if (decision === undefined) throw thrown;
  return failedUnderApproval(decision.id, thrown);
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

function failedUnderApproval(requestId: string, cause: unknown): ExecutionFailedError {
  return new ExecutionFailedError({
    code: "EXECUTION_FAILED",
    message: `${requestId} was approved, ran and failed; it is not run again. See cause.`,
    requestId,
    cause,
  });
}

function toGatedCall(call: LangChainCall, options: GateOptions, isDurable: boolean): GatedCall {
  const { tool, args, schema, signal, configurable } = call;
  const threadId: unknown = configurable?.thread_id;
  // A program's own call has no name under which it could be found again, so it waits.
  const isOwnCall = call.toolCallId === undefined;
  const isThread = options.runId === undefined && threadId !== undefined && threadId !== null;
  return {
    tool,
    args,
    toolCallId: call.toolCallId ?? `call_${crypto.randomUUID()}`,
    ...(isThread && { runId: String(threadId) }),
    schema,
    signal,
    wait: !isDurable || isOwnCall,
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

/** Something is set up wrongly. */
export function invalid(message: string): HoldpointError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
