/** A result that a person's edit or comment goes with, as the text that crews give their models. */
export function textOf(result: unknown, note: string): string {
  const text = typeof result === "string" ? result : (JSON.stringify(result) ?? "");
  return `${text}\n\n${note}`;
}
