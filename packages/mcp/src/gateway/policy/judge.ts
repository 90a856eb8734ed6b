import type { Verdict } from "@holdpoint/sdk/adapter";

export type ToolVerdicts = Readonly<Record<string, Verdict>>;

/** The stricter first: it counts where two patterns are equally long. */
const STRICTNESS: readonly Verdict[] = ["deny", "ask", "observe", "allow"];

/**
 * The verdict on a tool by its name: that of the exact name, else of the longest pattern that
 * matches, else `ask`.
 */
export function judgeTool(tool: string, verdicts: ToolVerdicts = {}): Verdict {
  if (Object.hasOwn(verdicts, tool)) return verdicts[tool] as Verdict;
  const [best] = Object.entries(verdicts)
    .filter(([pattern]) => matches(pattern, tool))
    .sort(([a, first], [b, second]) => b.length - a.length || compare(first, second));
  return best?.[1] ?? "ask";
}

function compare(a: Verdict, b: Verdict): number {
  return STRICTNESS.indexOf(a) - STRICTNESS.indexOf(b);
}

/**
 * Whether a pattern in which `*` stands for any text matches the whole of it. Piece by piece, each
 * as early as it can stand, so that no pattern takes long on any name.
 */
function matches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
