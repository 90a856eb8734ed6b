import type { WirePolicyProblem } from "@holdpoint/protocol/policy";

/** From where to where in a text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where a problem stands: its word, else its line; the beginning where nobody says. */
export function placeOf(text: string, { line = 1, column = 1 }: WirePolicyProblem): Span {
  const lines = text.split("\n");
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const own = lines[index] ?? "";
  const start = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  const offset = Math.min(Math.max(column, 1) - 1, own.length);
  const word = /^\w+|^\S/.exec(own.slice(offset))?.[0] ?? "";
  const from = start + (word === "" ? Math.max(offset - 1, 0) : offset);
  return { from, to: Math.min(start + offset + Math.max(word.length, 1), start + own.length) };
}
