import { MockLanguageModelV4 } from "ai/test";
import { MockLanguageModelV3 } from "ai6/test";
import type { Major } from "./framework.js";

/** What a model does in one turn. */
export interface Turn {
  readonly calls?: readonly ModelCall[];
  readonly text?: string;
}

export interface ModelCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
}

/** The framework's official fake model, and what it was given. */
export interface FakeModel {
  readonly model: MockLanguageModelV4;
  /** What the model was given for a call, as the provider would send it. */
  answerTo(callId: string): string | undefined;
}

/** A model that plays its turns, and then only says "done". */
export function createModel(major: Major, turns: readonly Turn[]): FakeModel {
  const left = [...turns];
  const next = () => left.shift() ?? { text: "done" };
  const prompts: Prompt[] = [];
  const options = {
    doGenerate: async ({ prompt }: { prompt: unknown }) => {
      prompts.push(prompt as Prompt);
      return generated(next());
    },
    doStream: async ({ prompt }: { prompt: unknown }) => {
      prompts.push(prompt as Prompt);
      return { stream: streamed(next()) };
    },
  };
  const Model = { 7: MockLanguageModelV4, 6: MockLanguageModelV3 }[major];
  const model = new Model(options as object) as MockLanguageModelV4;
  return {
    model,
    answerTo: (callId) => prompts.map((prompt) => findAnswer(prompt, callId)).find(Boolean),
  };
}

type Prompt = readonly { readonly role: string; readonly content: readonly ToolAnswer[] }[];

interface ToolAnswer {
  readonly toolCallId?: string;
  readonly type: string;
  readonly output?: { readonly type: string; readonly value?: unknown; readonly reason?: string };
}

function findAnswer(prompt: Prompt, callId: string): string | undefined {
  const answers = prompt.flatMap(({ role, content }) => (role === "tool" ? content : []));
  const output = answers.find(({ toolCallId }) => toolCallId === callId)?.output;
  const value = output?.type === "execution-denied" ? output.reason : output?.value;
  return typeof value === "object" ? JSON.stringify(value) : (value as string | undefined);
}

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};

function partsOf({ calls = [], text }: Turn) {
  const toolCalls = calls.map(({ id, tool, args }) => {
    const call = { toolCallId: id, toolName: tool, input: JSON.stringify(args) };
    return { type: "tool-call" as const, ...call };
  });
  const unified = toolCalls.length > 0 ? "tool-calls" : "stop";
  return { toolCalls, text, finishReason: { unified, raw: undefined } as const };
}

function generated(turn: Turn) {
  const { toolCalls, text, finishReason } = partsOf(turn);
  const said = text === undefined ? [] : [{ type: "text" as const, text }];
  return { content: [...said, ...toolCalls], finishReason, usage, warnings: [] };
}

function streamed(turn: Turn): ReadableStream {
  const { toolCalls, text, finishReason } = partsOf(turn);
  const said = text === undefined ? [] : textParts(text);
  const start = { type: "stream-start", warnings: [] };
  const parts = [start, ...said, ...toolCalls, { type: "finish", finishReason, usage }];
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

function textParts(delta: string) {
  const id = "text";
  return [
    { type: "text-start", id },
    { type: "text-delta", id, delta },
    { type: "text-end", id },
  ];
}
