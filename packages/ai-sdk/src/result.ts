import type { ModelOutput } from "./tools.js";

/** What the framework makes of a result when its tool does not say. */
export function defaultModelOutput(output: unknown): ModelOutput {
  if (typeof output === "string") return { type: "text", value: output };
  const json = output === undefined ? undefined : JSON.stringify(output);
  return { type: "json", value: json === undefined ? null : (JSON.parse(json) as unknown) };
}

/** The result with what a person changed or said, in a form that every provider can send. */
export function withNote(output: ModelOutput, note: string): ModelOutput {
  const { type, value } = output;
  switch (type) {
    case "text":
    case "error-text":
      return { ...output, value: `${value as string}\n\n${note}` };
    case "json":
    case "error-json":
      return {
        ...output,
        type: type.replace("json", "text"),
        value: `${JSON.stringify(value)}\n\n${note}`,
      };
    case "content":
      return { ...output, value: [...(value as unknown[]), { type: "text", text: note }] };
    default:
      return output;
  }
}
