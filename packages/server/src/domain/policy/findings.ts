import type { WirePolicyProblem } from "@holdpoint/protocol/policy";
import type { ParsedStatement } from "./parse.js";

/** What is to be said against a text, as Cedar says it. */
export interface Complaint {
  readonly message: string;
  /** What to do about it. */
  readonly help: string | null;
  /** Where, in bytes of its UTF-8. The first is the one that counts. */
  readonly sourceLocations?: readonly {
    readonly label: string | null;
    readonly start: number;
  }[];
}

/** A complaint about one statement, or about the whole. */
export interface Finding extends Complaint {
  readonly severity: WirePolicyProblem["severity"];
  readonly statement?: ParsedStatement;
}

/** Says where in a text each finding is, in lines and columns that are counted from 1. */
export function createReport(text: string): (finding: Finding) => WirePolicyProblem {
  const bytes = new TextEncoder().encode(text);
  const byteAt = (byte: number) => new TextDecoder().decode(bytes.subarray(0, byte));
  return ({ severity, message, help, sourceLocations, statement }) => {
    const [place] = sourceLocations ?? [];
    const before = place === undefined ? startOf(text, statement) : byteAt(place.start);
    return {
      severity,
      message: place?.label ? `${message}: ${place.label}` : message,
      ...(help !== null && { help }),
      ...(before !== undefined && placeAfter(before)),
      ...(statement !== undefined && { policy_id: statement.id }),
    };
  };
}

/** What stands before a statement, where that is certain: its words may be in a comment too. */
function startOf(text: string, statement: ParsedStatement | undefined): string | undefined {
  if (statement === undefined) return undefined;
  const start = text.indexOf(statement.text);
  return start === text.lastIndexOf(statement.text) && start >= 0
    ? text.slice(0, start)
    : undefined;
}

function placeAfter(before: string) {
  return {
    line: before.split("\n").length,
    column: before.length - before.lastIndexOf("\n"),
  };
}
