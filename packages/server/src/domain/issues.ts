import type { ValidationIssue } from "@holdpoint/protocol";
import type { z } from "zod";

/**
 * What a schema has found, in our words.
 *
 * @param place - Writes where it is.
 */
export function issuesOf(
  issue: z.core.$ZodIssue,
  place: (path: readonly PropertyKey[]) => string,
): ValidationIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: place([...issue.path, key]),
      message: "Expected no such field. Check its spelling against the reference.",
    }));
  }
  return [{ path: place(issue.path), message: messageOf(issue.message) }];
}

/** zod's own words, in ours. They name types and choices, never the value that came. */
function messageOf(message: string): string {
  return message
    .replace(/^Invalid (?:input|option): expected /, "Expected ")
    .replace(/, received undefined$/, ", got nothing.")
    .replace(/, received /, ", got ")
    .replace(/^Too (?:big|small): expected \w+ to /, "Expected it to ")
    .replace(/^Invalid input$/, "Expected one of the documented forms.")
    .replace(/([^.])$/, "$1.");
}
