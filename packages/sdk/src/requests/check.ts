import { isId, type ValidationIssue } from "@holdpoint/protocol";
import { ValidationError } from "../errors/validation.js";

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function requireRequestId(id: unknown): string {
  if (isId("request", id)) return id;
  throw invalidInput("id", "a request id (req_ and 26 characters), as defer() returns it");
}

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function requireInteger(
  name: string,
  value: unknown,
  minimum: number,
  maximum: number,
): number {
  if (Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum) {
    return Number(value);
  }
  throw invalidInput(name, `an integer from ${minimum} to ${maximum}`);
}

export function invalidInput(name: string, expected: string): ValidationError {
  return new ValidationError({
    code: "VALIDATION_FAILED",
    message: `Expected ${name} as ${expected}, got something else. Nothing was sent.`,
    issues: [{ path: `/${name}`, message: `Expected ${expected}.` }],
  });
}

/** The first issue, to end a sentence with. */
export function firstIssue([issue]: readonly ValidationIssue[]): string {
  return issue ? ` at ${issue.path || "the root"}: ${issue.message}` : ".";
}
