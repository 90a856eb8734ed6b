import type { Colours } from "../terminal.js";
import { indent, printable, printableLine } from "./text.js";

/** Something that is to be said of a file. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Problems as compilers write them, so that editors find the place. */
export function listProblems(
  path: string,
  problems: readonly Problem[],
  { red, yellow, dim }: Colours,
): string {
  return problems
    .map(({ severity, message, help, line, column }) => {
      const place = line === undefined ? path : `${path}:${line}:${column ?? 1}`;
      const word = severity === "error" ? red(severity) : yellow(severity);
      const advice = help === undefined ? "" : `\n${indent(dim(printable(help)))}`;
      return `${printableLine(place)}  ${word}  ${printableLine(message, 500)}${advice}`;
    })
    .join("\n");
}
