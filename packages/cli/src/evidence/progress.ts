import type { Terminal } from "../terminal.js";

/** Milliseconds between two lines of progress. */
const EVERY_MS = 2_000;

/** Says from time to time how far long work is, where a person looks on. */
export function createProgress(
  terminal: Terminal,
  what: string,
): (done: number, total?: number) => void {
  if (!terminal.interactive) return () => undefined;
  let saidAtMs = Date.now();
  return (done, total) => {
    if (Date.now() - saidAtMs < EVERY_MS) return;
    saidAtMs = Date.now();
    const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
    terminal.note(terminal.colours.dim(`${done.toLocaleString("en")}${of} ${what} …`));
  };
}
