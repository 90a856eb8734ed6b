import type { SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";

/** A prompt that says nothing and stays open. */
export interface OpenPrompt extends AsyncIterable<SDKUserMessage> {
  /** Ends it, and with it the session. Call it with the result message. */
  close(): void;
}

/**
 * The prompt to resume a deferred session with. One that ends at once makes Claude refuse the
 * deferred call by itself, whatever was decided.
 */
export function keepOpen(): OpenPrompt {
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const next = async () => {
    await closed;
    return { done: true, value: undefined } as const;
  };
  return { close: () => close(), [Symbol.asyncIterator]: () => ({ next }) };
}
