/** What the SDK hands to a tool beside its arguments; its type is left open there. */
export function callOf(extra: unknown) {
  const { signal, _meta } = Object(extra) as { signal?: unknown; _meta?: Record<string, unknown> };
  const toolCallId = _meta?.["claudecode/toolUseId"];
  return {
    ...(signal instanceof AbortSignal && { signal }),
    ...(typeof toolCallId === "string" && { toolCallId }),
  };
}
