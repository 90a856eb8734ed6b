// The simple way: the run waits in its process while a person decides.
import { gateTools } from "@holdpoint/openai-agents";
import { Agent, Runner } from "@openai/agents";
import { ScriptedModel } from "@openai/agents/testing";
import { asksForRefund, tellsWhatItRead } from "./model.js";
import { policy, tools } from "./tools.js";

const agent = new Agent({
  name: "support",
  model: new ScriptedModel([...asksForRefund, tellsWhatItRead]),
  tools: gateTools(tools, {
    service: "support",
    policy,
    onPending: ({ url }) => console.log(url),
  }),
});

const runner = new Runner({ tracingDisabled: true });
const { finalOutput } = await runner.run(agent, "My lamp, order A-7, came broken.");
console.log(finalOutput);
