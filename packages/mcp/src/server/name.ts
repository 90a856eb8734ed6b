/** As long as service and action may be on the wire, and what joins them. */
const MAX_LENGTH = 303;

/** `service / action`, as people and models read it. */
export function nameAction(service: string, action: string): string {
  return toLine(`${service} / ${action}`);
}

/**
 * One line, bounded, also when what the model gave is neither: no text of its own then looks like an
 * answer.
 */
export function toLine(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
