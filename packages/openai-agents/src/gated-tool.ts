import { ExecutionFailedError, HoldpointError } from "@holdpoint/sdk";
import {
  describeError,
  type ExecuteContext,
  type Gate,
  type GatedCall,
} from "@holdpoint/sdk/adapter";
import { invokeFunctionTool, type RunContext, ToolTimeoutError } from "@openai/agents";
import type { AnyFunctionTool, ToolCallDetails } from "./function-tool.js";
import { type GateToolsOptions, runIdOf } from "./options.js";
import { describeMalformed, HIDDEN_ERROR, toToolResult } from "./result.js";

/** What stands before a tool. */
export interface Gating<Context>
  extends Pick<GateToolsOptions<Context>, "runId" | "errorFunction"> {
  readonly gateOf: (call: GatedCall) => Gate;
  /** False: where nobody has decided yet, the model is told so at once. */
  readonly wait: boolean;
}

/** One invocation by the framework. */
interface Invocation<Context> {
  readonly runContext: RunContext<Context>;
  readonly details: ToolCallDetails | undefined;
}

/** Puts a gate before a tool. All else the framework knows of the tool stays as it is. */
export function gateTool<Context, Tool extends AnyFunctionTool>(
  tool: Tool,
  gating: Gating<Context>,
): Tool {
  // A time-out is for the tool, and not for the person it waits for: it is kept where the tool runs.
  const { timeoutMs: _, ...rest } = tool;
  const invoke: AnyFunctionTool["invoke"] = async (runContext, input, details) => {
    const args = parseArguments(input);
    if (args === undefined) return describeMalformed(tool.name);
    const invocation = { runContext, details };
    const call = composeCall(tool, args, gating, invocation);
    const gate = gating.gateOf(call);
    try {
      const outcome = await gate.run(call, (approved, context) =>
        runTool(tool, approved, invocation, context),
      );
      return toToolResult(outcome);
    } catch (error) {
      return tellFailure(error, tool, gating, { ...invocation, name: gate.nameOf(call) });
    }
  };
  return { ...rest, invoke } as unknown as Tool;
}

/** `undefined`: no JSON. */
export function parseArguments(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return undefined;
  }
}

function composeCall<Context>(
  tool: AnyFunctionTool,
  args: unknown,
  { runId, wait }: Gating<Context>,
  { runContext, details }: Invocation<Context>,
): GatedCall {
  return {
    tool: tool.name,
    args,
    // Invoked by hand, it has no id: then nobody else can find its question.
    toolCallId: details?.toolCall?.callId ?? crypto.randomUUID(),
    runId: runIdOf(runId, runContext),
    schema: tool.parameters,
    signal: details?.signal,
    wait,
  };
}

async function runTool<Context>(
  tool: AnyFunctionTool,
  args: unknown,
  { runContext, details }: Invocation<Context>,
  { signal, decision }: ExecuteContext,
): Promise<unknown> {
  const input = JSON.stringify(args);
  const isEdited = decision?.status === "APPROVED_WITH_MODIFICATIONS";
  const toolCall = details?.toolCall;
  // By inheritance, for the framework keeps more in the details than their type says.
  const own: ToolCallDetails = Object.assign(Object.create(details ?? null), {
    ...(signal && { signal }),
    // Otherwise the very object: by it the framework finds the run of an agent used as a tool.
    ...(isEdited && toolCall && { toolCall: { ...toolCall, arguments: input } }),
  });
  const output: unknown = await invokeFunctionTool({
    tool: tool.timeoutMs === undefined ? tool : { ...tool, timeoutBehavior: "raise_exception" },
    runContext,
    input,
    details: own,
  });
  if (decision && output === HIDDEN_ERROR) throw threw(tool, decision.id);
  return output;
}

/** The framework keeps what a tool threw to itself. That it threw goes on record all the same. */
function threw({ name }: AnyFunctionTool, requestId: string): ExecutionFailedError {
  const message = `${requestId} ran, and ${name} threw. To see and record what, give the tool an errorFunction, or null.`;
  return new ExecutionFailedError({ code: "EXECUTION_FAILED", message, requestId });
}

async function tellFailure<Context>(
  error: unknown,
  tool: AnyFunctionTool,
  { errorFunction }: Gating<Context>,
  { runContext, details, name }: Invocation<Context> & { readonly name: string },
): Promise<unknown> {
  if (error instanceof ToolTimeoutError && tool.timeoutBehavior !== "raise_exception") {
    return tool.timeoutErrorFunction?.(runContext, error, details) ?? error.message;
  }
  if (errorFunction === null || !HoldpointError.isInstance(error)) throw error;
  return errorFunction ? errorFunction(runContext, error) : describeError(name, error);
}
