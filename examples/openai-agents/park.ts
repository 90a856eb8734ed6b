// Process A: runs until a person has to decide, parks the run with the question, and ends.
import { Runner } from "@openai/agents";
import { createAgent, gate } from "./durable.js";
import { asksForRefund } from "./model.js";

const runner = new Runner({ tracingDisabled: true });
const context = { conversationId: process.argv[2] ?? "chat-7" };
const result = await runner.run(createAgent(asksForRefund), "My lamp, order A-7, came broken.", {
  context,
});
for (const { url } of await gate.parkInterruptions(result)) console.log(url);
