import type { Terminal } from "../terminal.js";

export interface AnswerOptions {
  readonly json?: boolean;
}

/** Prints a command's result: the value as one line of JSON, or the same value in words. */
export function printAnswer<Value>(
  terminal: Terminal,
  options: AnswerOptions,
  value: Value,
  describe: (value: Value) => string,
): void {
  terminal.print(options.json ? JSON.stringify(value) : describe(value));
}
