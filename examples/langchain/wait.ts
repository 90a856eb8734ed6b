// The tools themselves are gated, and the process waits for the person.
import { gateTools } from "@holdpoint/langchain";
import { createAgent } from "langchain";
import { createModel } from "./model.js";
import { gate, tools } from "./tools.js";

const [orderId = "A-1042"] = process.argv.slice(2);
const agent = createAgent({
  model: createModel(),
  tools: gateTools(tools, { ...gate, onPending: ({ url }) => console.log(url) }),
});
const { messages } = await agent.invoke(
  { messages: `My lamp came broken. Please refund ${orderId}.` },
  { configurable: { thread_id: `waiting ${orderId}` } },
);
console.log(messages.at(-1)?.content);
