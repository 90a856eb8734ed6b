import { type ModelMessage, simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";

/**
 * The framework's fake model, so that this runs offline: it looks up the order, asks for a refund,
 * and says what came of it. For a real one: `import { openai } from "@ai-sdk/openai"` and
 * `export const model = openai("gpt-5")`.
 */
export const model = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => {
    const { content, finishReason } = play(prompt as ModelMessage[]);
    return { content, finishReason, usage, warnings: [] };
  },
  doStream: async ({ prompt }) => {
    const { content, finishReason } = play(prompt as ModelMessage[]);
    const [part] = content;
    const parts: unknown[] = part?.type === "text" ? spell(part.text) : content;
    const chunks = [...parts, { type: "finish", finishReason, usage }];
    return { stream: simulateReadableStream({ chunks }) as never };
  },
});

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};

/** The model's next turn, by what it has been told since the user spoke. */
function play(prompt: readonly ModelMessage[]) {
  const spoken = prompt.findLastIndex(({ role }) => role === "user");
  const orderId = /A-\d+/.exec(JSON.stringify(prompt[spoken]))?.[0] ?? "unknown";
  const answers = prompt.slice(spoken).filter(({ role }) => role === "tool");
  const [, refunded] = answers;
  if (answers.length === 0) return call("findOrder", { orderId });
  if (refunded === undefined) return call("refund", { orderId, amountMinor: 12_500 });
  return say(`The tool told me: ${outputOf(refunded)}`);
}

function outputOf({ content }: ModelMessage): string {
  const [part] = content as unknown as { output: { value?: unknown; reason?: string } }[];
  const { value, reason } = part?.output ?? {};
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? reason);
}

function call(toolName: string, input: object) {
  const toolCallId = `call_${crypto.randomUUID()}`;
  const part = { type: "tool-call" as const, toolCallId, toolName, input: JSON.stringify(input) };
  return { content: [part], finishReason: { unified: "tool-calls" as const, raw: undefined } };
}

function say(text: string) {
  const part = { type: "text" as const, text };
  return { content: [part], finishReason: { unified: "stop" as const, raw: undefined } };
}

function spell(delta: string) {
  const id = "text";
  return [
    { type: "text-start", id },
    { type: "text-delta", id, delta },
    { type: "text-end", id },
  ];
}
