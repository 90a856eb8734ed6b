import * as ai7 from "ai";
import * as ai6 from "ai6";

/** The majors of the framework that are tested. */
export const MAJORS = [7, 6] as const;
export type Major = (typeof MAJORS)[number];

/** A run's result, as far as both majors have it. */
export interface RunResult {
  readonly text: string;
  readonly content: readonly ContentPart[];
  /** All messages of the run, where either major keeps them. */
  readonly messages: readonly ai7.ModelMessage[];
}

export interface ContentPart {
  readonly type: string;
  readonly toolCallId?: string;
  readonly output?: unknown;
  readonly error?: unknown;
}

type GenerateOptions = Parameters<typeof ai7.generateText>[0];
type Options = Omit<GenerateOptions, "prompt" | "messages" | "instructions"> & {
  readonly messages?: ai7.ModelMessage[];
};

/** A run that streams, as far as both majors have it. */
export interface StreamedRun {
  readonly fullStream: AsyncIterable<ContentPart & { readonly preliminary?: boolean }>;
  toUIMessageStream(options?: object): ReadableStream;
}

/** One major of the framework. The fifth step of a run is its last. */
export interface Framework {
  readonly major: Major;
  readonly convertToModelMessages: typeof ai7.convertToModelMessages;
  generate(options: Options): Promise<RunResult>;
  stream(options: Options): StreamedRun;
}

export function frameworkOf(major: Major): Framework {
  const { generateText, streamText, convertToModelMessages } = moduleOf(major);
  const stopWhen = major === 7 ? ai7.isStepCount(5) : (ai6.stepCountIs(5) as never);
  const messages: ai7.ModelMessage[] = [{ role: "user", content: "Go on." }];
  return {
    major,
    convertToModelMessages,
    async generate(options: Options): Promise<RunResult> {
      const result = await generateText({ messages, stopWhen, ...options } as GenerateOptions);
      const all = result.steps.flatMap(({ content }) => content as ContentPart[]);
      const said = major === 7 ? result.responseMessages : result.response.messages;
      return { text: result.text, content: all, messages: said };
    },
    stream: (options: Options) =>
      streamText({
        messages,
        stopWhen,
        // The default writes to the console.
        onError: () => {},
        ...options,
      } as Parameters<typeof streamText>[0]) as unknown as StreamedRun,
  };
}

/** What is used of them is the same; only their types are of different makes. */
function moduleOf(major: Major): typeof ai7 {
  return major === 7 ? ai7 : (ai6 as unknown as typeof ai7);
}
