import type { ErrorCode, ValidationIssue } from "@holdpoint/protocol";
import type { z } from "zod";
import { ProblemError } from "./problem.js";

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

/** Faults that are named at once. */
export const MAX_ISSUES = 20;

/**
 * Refuses what has faults: the first in words, and each with its place.
 *
 * @param whole - What a fault without a place is about.
 */
export function problemOfIssues(
  code: ErrorCode,
  issues: readonly ValidationIssue[],
  whole: string,
): ProblemError {
  const [first] = issues;
  const rest = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return new ProblemError({
    code,
    detail: `${first?.path || whole}: ${first?.message ?? "not valid"}${rest}`,
    issues: issues.slice(0, MAX_ISSUES),
  });
}
