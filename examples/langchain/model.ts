import { AIMessage, type BaseMessage, fakeModel, ToolMessage } from "langchain";

/**
 * Plays a model, so that this runs offline: it looks the order up, refunds it, and says what it was
 * told. For a real one, return `"openai:gpt-5.2"` and install `@langchain/openai`.
 */
export function createModel() {
  return fakeModel().respond(answer).respond(answer).respond(answer);
}

function answer(messages: BaseMessage[]): AIMessage {
  const [orderId = ""] = /A-\d+/.exec(String(messages[0]?.content)) ?? [];
  const told = messages.filter((message) => ToolMessage.isInstance(message));
  if (told.length === 0) return call("look_up", { orderId });
  if (told.length === 1) return call("refund", { orderId, amountMinor: 12_500 });
  return new AIMessage(`I was told: ${told.at(-1)?.content}`);
}

function call(name: string, args: Record<string, unknown>): AIMessage {
  return new AIMessage({ content: "", tool_calls: [{ name, args, id: `call_${name}` }] });
}
