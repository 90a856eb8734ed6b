import { type GetSessionMessagesOptions, getSessionMessages } from "@anthropic-ai/claude-agent-sdk";
import type { DeferredSession } from "./resume.js";

/**
 * Whether a session still waits with its deferred call. Look before you resume it: a session that
 * has gone on already says nothing to {@link keepOpen}, for ever.
 *
 * @param options - Where Claude keeps the session. Default: the folder it ran in, on this disk.
 */
export async function isDeferred(
  { sessionId, cwd, toolUseId }: Pick<DeferredSession, "sessionId" | "cwd" | "toolUseId">,
  options: GetSessionMessagesOptions = {},
): Promise<boolean> {
  const messages = await getSessionMessages(sessionId, { dir: cwd, ...options });
  const blocks = messages.flatMap(({ message }) => blocksOf(message));
  const isCalled = blocks.some(({ type, id }) => type === "tool_use" && id === toolUseId);
  const isAnswered = blocks.some(
    ({ type, tool_use_id }) => type === "tool_result" && tool_use_id === toolUseId,
  );
  return isCalled && !isAnswered;
}

interface Block {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly tool_use_id?: unknown;
}

/** The SDK leaves the type of a message open; what is not a block is none. */
function blocksOf(message: unknown): readonly Block[] {
  const { content } = Object(message) as { content?: unknown };
  return Array.isArray(content) ? content.map((block) => Object(block) as Block) : [];
}
