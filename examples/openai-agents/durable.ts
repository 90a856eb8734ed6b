// What the process that parks and the one that resumes have in common.
import { createDurableGate } from "@holdpoint/openai-agents";
import { Agent } from "@openai/agents";
import { ScriptedModel, type ScriptedModelInput } from "@openai/agents/testing";
import { policy, tools } from "./tools.js";

export interface Conversation {
  readonly conversationId: string;
}

export const gate = createDurableGate<Conversation>({
  service: "support",
  policy,
  runId: ({ context }) => context.conversationId,
});

export function createAgent(script: ScriptedModelInput[]): Agent<Conversation> {
  return new Agent<Conversation>({
    name: "support",
    model: new ScriptedModel(script),
    tools: gate.gateTools(tools),
  });
}
