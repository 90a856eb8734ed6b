import type { AIMessage } from "@langchain/core/messages";
import type { FakeBuiltModel } from "@langchain/core/testing";
import type { StructuredToolInterface } from "@langchain/core/tools";
import {
  type BaseCheckpointSaver,
  END,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { createAgent } from "langchain";
import type { ResumableGraph } from "../durable/resume.js";
import { gateTools } from "../gate-tools.js";
import { holdpointMiddleware } from "../middleware.js";
import type { LangChainGateOptions } from "../options.js";

/** What an agent is made of, in whichever way it is gated. */
export interface Agent {
  readonly model: FakeBuiltModel;
  readonly tools: readonly StructuredToolInterface[];
  /** Beside them, and not gated. */
  readonly ungated?: readonly StructuredToolInterface[];
  readonly options: LangChainGateOptions;
  readonly checkpointer?: BaseCheckpointSaver | undefined;
}

/** A graph of one's own: gated tools in a `ToolNode`, each call a task of its own. */
export function buildGraph({
  model,
  tools,
  ungated = [],
  options,
  checkpointer,
}: Agent): ResumableGraph<unknown> {
  const gated = [...gateTools(tools, options), ...ungated];
  const bound = model.bindTools([...gated] as Parameters<typeof model.bindTools>[0]);
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async ({ messages }) => ({ messages: [await bound.invoke(messages)] }))
    .addNode("tools", new ToolNode(gated))
    .addEdge(START, "model")
    .addEdge("tools", "model")
    .addConditionalEdges("model", sendEach, ["tools", END])
    .compile(checkpointer && { checkpointer }) as unknown as ResumableGraph<unknown>;
}

function sendEach({ messages }: typeof MessagesAnnotation.State) {
  const { tool_calls: calls = [] } = messages.at(-1) as AIMessage;
  if (calls.length === 0) return END;
  return calls.map((call) => new Send("tools", { lg_tool_call: call, messages }));
}

/** An agent of LangChain's with the middleware. */
export function buildAgent({
  model,
  tools,
  ungated = [],
  options,
  checkpointer,
}: Agent): ResumableGraph<unknown> {
  const allow = Object.fromEntries(ungated.map(({ name }) => [name, "allow"] as const));
  const gating = ungated.length > 0 ? { ...options, policy: allow } : options;
  return createAgent({
    model,
    tools: [...tools, ...ungated],
    middleware: [holdpointMiddleware(gating)],
    ...(checkpointer && { checkpointer }),
  }).graph as unknown as ResumableGraph<unknown>;
}
