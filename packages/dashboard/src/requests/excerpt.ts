import { formatJson } from "../server/json.js";

/** One line of a payload for a row, members first to last, at most `maxLength` characters. */
export function excerptPayload(payload: unknown, maxLength = 160): string {
  const text =
    typeof payload === "object" && payload !== null && !Array.isArray(payload)
      ? Object.entries(payload)
          .map(
            ([name, value]) => `${name}: ${typeof value === "string" ? value : formatJson(value)}`,
          )
          .join(" · ")
      : formatJson(payload);
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
