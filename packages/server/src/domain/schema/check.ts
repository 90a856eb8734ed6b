import type { ErrorCode, JsonObject, ValidationIssue } from "@holdpoint/protocol";
import type { ErrorObject } from "ajv";
import { ProblemError } from "../problem.js";
import { compileSchema } from "./compile.js";

/**
 * Checks a value of the body against the request's schema.
 *
 * @param place.path - JSON Pointer to the value in the body, `/payload` or `/patched_payload`.
 * @throws {ProblemError} `place.code` with issues; `SCHEMA_INVALID` when the check takes too long.
 */
export async function assertFitsSchema(
  value: unknown,
  schema: JsonObject,
  place: {
    readonly code: ErrorCode & ("PAYLOAD_INVALID" | "PATCH_INVALID" | "PARAMETERS_INVALID");
    readonly path: string;
  },
): Promise<void> {
  const validator = await compileSchema(schema);
  const errors = validator.findErrors(value);
  if (errors === undefined) {
    throw new ProblemError({
      code: "SCHEMA_INVALID",
      detail:
        "Expected a schema that checks in under half a second; this one ran out of time. Simplify its patterns.",
    });
  }
  if (errors.length === 0) return;
  const issues = errors.map((error) => issueOf(error, place.path));
  throw new ProblemError({
    code: place.code,
    detail: `Expected ${place.path.slice(1)} to fit the request's schema; ${describe(issues)}`,
    issues,
  });
}

/** Ajv's messages name what the schema asks for; `got` names a type, never the value. */
function issueOf(error: ErrorObject, path: string): ValidationIssue {
  const message = `The value ${error.message ?? "does not fit"}, got ${typeName(error.data)}.`;
  return { path: `${path}${error.instancePath}`, message };
}

function describe(issues: readonly ValidationIssue[]): string {
  const [first] = issues;
  return first === undefined ? "it does not." : `${first.path}: ${first.message}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
