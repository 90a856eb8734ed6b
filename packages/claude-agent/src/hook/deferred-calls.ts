import type { PreToolUseHookInput } from "@anthropic-ai/claude-agent-sdk";

/** What names a call within its turn. */
type TurnCall = Pick<PreToolUseHookInput, "session_id" | "prompt_id" | "tool_use_id">;

/** Sessions that have been resumed elsewhere never say so. */
const REMEMBERED = 1_000;

/**
 * Which call of a turn was deferred. Claude keeps one: of two it forgets the first when the session
 * is resumed, and neither runs it nor tells the model.
 */
export class DeferredCalls {
  readonly #calls = new Map<string, TurnCall>();

  add(call: TurnCall): void {
    const [oldest] = this.#calls.size >= REMEMBERED ? this.#calls.keys() : [];
    if (oldest !== undefined) this.#calls.delete(oldest);
    this.#calls.set(call.session_id, call);
  }

  /** True when another call of this turn was deferred. */
  hasSibling({ session_id, prompt_id, tool_use_id }: TurnCall): boolean {
    const deferred = this.#calls.get(session_id);
    return (
      deferred !== undefined &&
      deferred.prompt_id === prompt_id &&
      deferred.tool_use_id !== tool_use_id
    );
  }
}
