import type { GateOutcome } from "@holdpoint/sdk/adapter";
import { toSmartString } from "@openai/agents/utils";

/** What `tool()` puts in place of an error, unless it is given an `errorFunction`. */
export const HIDDEN_ERROR = "An error occurred while running the tool. Please try again.";

/** An outcome as a tool's result. The model reads it; a refusal is one too, so that the run goes on. */
export function toToolResult(outcome: GateOutcome<unknown>): unknown {
  if (outcome.type !== "ran") return outcome.text;
  const { result, note } = outcome;
  return note === undefined ? result : addNote(result, note);
}

/** Images, files and texts stay what they are; anything else becomes the text it would have become. */
function addNote(result: unknown, note: string): unknown {
  const parts = Array.isArray(result) ? result : [result];
  const isContent = parts.length > 0 && parts.every(isContentPart);
  if (isContent) return [...parts, { type: "text", text: note }];
  return `${toSmartString(result)}\n\n${note}`;
}

function isContentPart(part: unknown): boolean {
  const { type } = Object(part) as { type?: unknown };
  return type === "text" || type === "image" || type === "file";
}

/** Arguments that are no JSON, as a text a model can act on alone. */
export function describeMalformed(tool: string): string {
  return `ERROR: the arguments of ${tool} are no JSON, so it did not run. Call it again with JSON.`;
}
