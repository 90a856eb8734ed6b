import { createHash } from "node:crypto";
import type { Parked, SceneCall } from "@holdpoint/adapter-conformance";

/** A session as it lies on a disk. */
export interface ParkedText {
  readonly sessionId: string;
  readonly text: string;
  /** Somebody resumes it with every permission Claude itself can give. */
  readonly forged?: boolean;
}

export function parkedText(parked: Parked): ParkedText {
  return parked as unknown as ParkedText;
}

/** Changes a call wherever the session has it. */
export function changeCall(
  parked: Parked,
  callId: string,
  change: { readonly args?: SceneCall["args"]; readonly tool?: string },
): Parked {
  const lines = parkedText(parked)
    .text.split("\n")
    .map((line) => {
      if (!line.includes(callId)) return line;
      return JSON.stringify(JSON.parse(line), (_key, value) => changed(value, callId, change));
    });
  return { ...parked, text: lines.join("\n") };
}

function changed(
  value: unknown,
  callId: string,
  { args, tool }: { readonly args?: SceneCall["args"]; readonly tool?: string },
): unknown {
  const { type, id, toolUseID } = Object(value) as Record<string, unknown>;
  if (type === "tool_use" && id === callId) {
    return { ...(value as object), ...(args && { input: args }), ...(tool && { name: tool }) };
  }
  if (type === "hook_deferred_tool" && toolUseID === callId) {
    const named = tool === undefined ? {} : { toolName: tool };
    return { ...(value as object), ...(args && { toolInput: args }), ...named };
  }
  return value;
}

/** The same session under another id. */
export function moveSession(parked: Parked, runId: string): Parked {
  const { sessionId, text } = parkedText(parked);
  const hex = createHash("sha256").update(runId).digest("hex");
  const moved = sessionId.replace(/[0-9a-f]/g, (_digit, offset: number) => hex[offset] as string);
  return { ...parked, sessionId: moved, text: text.replaceAll(sessionId, moved) };
}
