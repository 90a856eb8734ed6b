import {
  Annotation,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createAgent } from "langchain";
import { expectTypeOf, test } from "vitest";
import { resumeFromWebhook } from "../index.js";

const State = Annotation.Root({ ...MessagesAnnotation.spec, total: Annotation<number> });
const graph = new StateGraph(State)
  .addNode("count", async () => ({ total: 1 }))
  .addEdge(START, "count")
  .compile({ checkpointer: new MemorySaver() });

test("resumeFromWebhook takes compiled graphs and agents, and knows what they come to", () => {
  resumeFromWebhook({
    graph,
    service: "bank",
    onResult: ({ total }, { request, decision }) => {
      expectTypeOf(total).toEqualTypeOf<number>();
      expectTypeOf(request.id).toEqualTypeOf<string>();
      expectTypeOf(decision.approved).toEqualTypeOf<boolean>();
    },
  });
  const agent = createAgent({ model: "x", tools: [] });
  resumeFromWebhook({
    graph: agent.graph,
    service: "bank",
    onResult: ({ messages }) => expectTypeOf(messages).toExtend<readonly object[]>(),
  });
  // @ts-expect-error whose requests they are has to be said
  resumeFromWebhook({ graph });
});
