import type { PostToolUseHookInput, SyncHookJSONOutput } from "@anthropic-ai/claude-agent-sdk";
import type { JsonValue } from "@holdpoint/sdk";
import type { RanOutcome } from "@holdpoint/sdk/adapter";

/** A file that was read may be megabytes; a record is there to be looked at. */
const RECORDED_CHARACTERS = 50_000;
const ERROR_CHARACTERS = 2_000;

/** What the hook says of a call that may run, with these arguments where it was asked. */
export function allow(updatedInput?: Readonly<Record<string, unknown>>): SyncHookJSONOutput {
  return {
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: "allow",
      ...(updatedInput && { updatedInput: { ...updatedInput } }),
    },
  };
}

/** What the hook says of a call that does not run: the model reads `text` as the tool's error. */
export function deny(text: string): SyncHookJSONOutput {
  return {
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: "deny",
      permissionDecisionReason: text,
    },
  };
}

/** What the hook says of a call that waits while the session ends. */
export function defer(text: string): SyncHookJSONOutput {
  return {
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: "defer",
      permissionDecisionReason: text,
    },
  };
}

/**
 * Puts a note beside a tool's result. MCP results take another block of text. Other tools have
 * results of their own forms, so there it follows the result as context.
 */
export function annotate(
  { tool_name, tool_response }: PostToolUseHookInput,
  note: string,
): SyncHookJSONOutput {
  const isBlocks = tool_name.startsWith("mcp__") && Array.isArray(tool_response);
  return {
    hookSpecificOutput: {
      hookEventName: "PostToolUse",
      ...(isBlocks
        ? { updatedToolOutput: [...tool_response, { type: "text", text: note }] }
        : { additionalContext: `${tool_name}: ${note}` }),
    },
  };
}

/** A call that was made again: the model gets what is on record, and nothing runs. */
export function describeReplay(name: string, { result, note }: RanOutcome<unknown>): string {
  return [
    `STOP: ${name} has run before, under this approval, and is not run again. Do not retry it. Its result on record:`,
    JSON.stringify(result ?? null),
    note,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

/** A call beside one that was deferred. */
export function describeSibling(name: string): string {
  return `PENDING: another call of this turn waits for a person, and only one can wait at a time. ${name} was not asked and has not run.\nMake this call again, alone, once the other has its answer.`;
}

/** A tool's result for the record: whole, or its beginning. */
export function recordOf(response: unknown): JsonValue {
  const text = stringify(response);
  if (text === undefined) return { unrecorded: "not JSON" };
  if (text.length <= RECORDED_CHARACTERS) return JSON.parse(text) as JsonValue;
  return { truncated: true, characters: text.length, beginning: cut(text, RECORDED_CHARACTERS) };
}

/** A tool's error for the record. */
export function recordOfError(message: string): JsonValue {
  return { name: "ToolError", message: cut(message, ERROR_CHARACTERS) };
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value ?? null);
  } catch {
    return undefined;
  }
}

/** Half of a pair, as a cut may leave it, has no UTF-8. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Surrogate}/gu, "\ufffd");
}
