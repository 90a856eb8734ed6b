import { Agent } from "@openai/agents";
import { assistantMessage, type ScriptedModel } from "@openai/agents/testing";
import type { AnyFunctionTool } from "../function-tool.js";

/** The model's last turn. */
export const DONE = [assistantMessage("done")];

export function agentWith(tools: AnyFunctionTool[], model: ScriptedModel): Agent {
  return new Agent({ name: "agent", instructions: "Do as you are told.", tools, model });
}

/** What the model was given for its calls, by call id: the text of each result it received. */
export function readAnswers(model: ScriptedModel): Record<string, string> {
  const input = model.lastCall?.request.input ?? [];
  const items = typeof input === "string" ? [] : input;
  return Object.fromEntries(
    items
      .filter((item) => item.type === "function_call_result")
      .map(({ callId, output }) => [callId, textOf(output)]),
  );
}

function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  const parts = Array.isArray(output) ? output : [output];
  return parts.map((part) => (part as { text?: string }).text ?? "").join("\n");
}
