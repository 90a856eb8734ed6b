// Process A: the agent runs until it has to ask, its graph is interrupted, and the process ends.
import { isHoldpointInterrupt } from "@holdpoint/langchain";
import { INTERRUPT, isInterrupted } from "@langchain/langgraph";
import { agent } from "./agent.js";

const [orderId = "A-1042"] = process.argv.slice(2);
const result: unknown = await agent.invoke(
  { messages: `My lamp came broken. Please refund ${orderId}.` },
  { configurable: { thread_id: `chat ${orderId}` }, durability: "sync" },
);
if (!isInterrupted(result)) throw new Error("Expected the graph to be interrupted.");
for (const { value } of result[INTERRUPT]) {
  if (isHoldpointInterrupt(value)) console.log(value.url);
}
