import type { ExecuteContext } from "@holdpoint/sdk/adapter";
import type { ToolRunnableConfig } from "@langchain/core/tools";

/** Where in `config.configurable` the key of a run lies. */
const RUN = "holdpoint";

interface Run {
  readonly toolCallId: string;
  readonly idempotencyKey: string;
}

/** The config of a tool that runs under an approval: its signal, and its key. */
export function withRun<Config extends ToolRunnableConfig>(
  config: Config | undefined,
  { signal, idempotencyKey }: ExecuteContext,
  toolCallId: string | undefined,
): Config {
  const run = idempotencyKey !== undefined && { toolCallId: toolCallId ?? "", idempotencyKey };
  return {
    ...(config as Config),
    ...(signal && { signal }),
    ...(run && { configurable: { ...config?.configurable, [RUN]: run satisfies Run } }),
  };
}

/**
 * The key of the approval a tool runs under, the same for every run under it: hand it to whatever
 * takes an idempotency key. `undefined` when nobody was asked, or for another call's tool.
 *
 * @param config - The tool's second argument.
 */
export function getIdempotencyKey(config: ToolRunnableConfig | undefined): string | undefined {
  const run = config?.configurable?.[RUN] as Partial<Run> | undefined;
  // A tool may call others, which inherit its config: theirs is another effect.
  return run?.toolCallId === (config?.toolCall?.id ?? "") ? run?.idempotencyKey : undefined;
}

/** The conversation, as LangGraph names it. */
export function threadIdOf(configurable: ToolRunnableConfig["configurable"]): string | undefined {
  const threadId: unknown = configurable?.thread_id;
  return threadId === undefined || threadId === null ? undefined : String(threadId);
}
