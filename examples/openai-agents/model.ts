// The framework's own fake: it plays a model, so that all this runs without an OpenAI key.
import {
  assistantMessage,
  functionCall,
  modelResponder,
  type ScriptedModelInput,
} from "@openai/agents/testing";

export const asksForRefund: ScriptedModelInput[] = [
  [functionCall("look_up_order", { order: "A-7" }, { callId: "call_1" })],
  [functionCall("refund", { order: "A-7", cents: 12_500 }, { callId: "call_2" })],
];

/** Ends with what it was given for its last call: all that a real model would know of it. */
export const tellsWhatItRead = modelResponder(({ request }) => {
  const last = Array.isArray(request.input) ? request.input.at(-1) : undefined;
  const output = last?.type === "function_call_result" ? last.output : undefined;
  const text = typeof output === "object" && "text" in output ? output.text : "nothing";
  return [assistantMessage(`The model read: ${text}`)];
});
