import { ToolMessage } from "@langchain/core/messages";
import type { ToolRunnableConfig } from "@langchain/core/tools";
import { type Command, isGraphBubbleUp } from "@langchain/langgraph";
import {
  type AgentMiddleware,
  createMiddleware,
  type ToolCallHandler,
  type ToolCallRequest,
  ToolInvocationError,
} from "langchain";
import { withRun } from "./context.js";
import { isGated } from "./gate-tools.js";
import type { LangChainCall, LangChainGateOptions } from "./options.js";
import { schemaOf } from "./schema.js";
import { createToolGate, invalid } from "./tool-gate.js";

export type { LangChainGateOptions } from "./options.js";

type Request = ToolCallRequest;
type Result = ToolMessage | Command;

/**
 * Gates every tool of an agent made with `createAgent`, whoever added it.
 *
 * A call that did not run is a `ToolMessage` with `status: "error"`; so is one whose tool threw,
 * because what a middleware throws would end the run. Put middleware that retries tools after this
 * one, so that retries stay under one approval. A tool that {@link gateTools} has gated as well ends
 * the run with a {@link ConfigurationError}.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, or no such mode.
 */
export function holdpointMiddleware(options: LangChainGateOptions): AgentMiddleware {
  const gate = createToolGate(options);
  return createMiddleware({
    name: "Holdpoint",
    wrapToolCall: (request: Request, handler: ToolCallHandler): Promise<Result> => {
      requireUngated(request);
      const call = readCall(request);
      return gate<Result>(call, async (args, context) => {
        const approved = composeRequest(request, args, (config) =>
          withRun(config, context, call.toolCallId),
        );
        try {
          return await handler(approved as Parameters<ToolCallHandler>[0]);
        } catch (error) {
          if (context.decision !== undefined || isForLangChain(error, call.signal)) throw error;
          return tellAsLangChain(error, request);
        }
      });
    },
  });
}

function readCall({ toolCall, tool, runtime }: Request): LangChainCall {
  return {
    tool: toolCall.name,
    args: toolCall.args,
    toolCallId: toolCall.id || undefined,
    configurable: runtime.configurable,
    schema: schemaOf(tool),
    signal: runtime.signal,
  };
}

/** The call with the approved arguments, and with a tool that learns when its right to run is lost. */
function composeRequest(
  request: Request,
  args: unknown,
  configure: (config: ToolRunnableConfig | undefined) => ToolRunnableConfig,
): Request {
  const toolCall = { ...request.toolCall, args: args as Request["toolCall"]["args"] };
  const { tool } = request;
  if (typeof tool?.invoke !== "function") return { ...request, toolCall };
  const invoke = (input: unknown, config?: ToolRunnableConfig): unknown =>
    (tool as Invokable).invoke(input, configure(config));
  return { ...request, toolCall, tool: Object.create(tool, { invoke: { value: invoke } }) };
}

interface Invokable {
  invoke(input: unknown, config: ToolRunnableConfig): unknown;
}

/** Under both gates a call would wait for itself. */
function requireUngated({ tool, toolCall }: Request): void {
  if (!isGated(tool)) return;
  throw invalid(
    `Expected ${toolCall.name} to be gated once, got it gated by gateTools and by the middleware. Leave one of them out.`,
  );
}

function isForLangChain(error: unknown, signal: AbortSignal | undefined): boolean {
  return isGraphBubbleUp(error) || error instanceof ToolInvocationError || signal?.aborted === true;
}

/** What an agent without middleware tells its model of a tool that threw. */
function tellAsLangChain(error: unknown, { toolCall }: Request): ToolMessage {
  return new ToolMessage({
    tool_call_id: toolCall.id ?? "",
    name: toolCall.name,
    status: "error",
    content: `${error}\n Please fix your mistakes.`,
  });
}
