import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import {
  escapePointerSegment,
  type JsonObject,
  type JsonValue,
  type ValidationIssue,
} from "@holdpoint/protocol";

/** Keywords whose error only says that something inside them is wrong. */
const WRAPPERS = new Set([
  "properties",
  "patternProperties",
  "items",
  "prefixItems",
  "$ref",
  "$dynamicRef",
  "allOf",
  "then",
  "else",
  "dependentSchemas",
]);

/**
 * Makes a check of values against a JSON Schema 2020-12. It interprets the schema rather than
 * compiling it, since our pages allow no `eval`; the server checks again with its own validator.
 *
 * @throws {Error} when the schema cannot be used, for example for a `$ref` that leads nowhere.
 */
export function createSchemaCheck(
  schema: JsonObject,
): (value: JsonValue) => readonly ValidationIssue[] {
  const validator = new Validator(schema as Schema, "2020-12", false);
  return (value) => {
    const { valid, errors } = validator.validate(value);
    if (valid) return [];
    const precise = errors.filter(({ keyword }) => !WRAPPERS.has(keyword));
    return distinct((precise.length > 0 ? precise : errors).map(toIssue));
  };
}

function toIssue({ keyword, instanceLocation, error }: OutputUnit): ValidationIssue {
  const path = decodeURI(instanceLocation.replace(/^#/, ""));
  const missing = keyword === "required" ? /"(.*)"/.exec(error)?.[1] : undefined;
  if (missing !== undefined) {
    return { path: `${path}/${escapePointerSegment(missing)}`, message: "This is required." };
  }
  const type = keyword === "type" ? /Expected "(.*)"/.exec(error)?.[1] : undefined;
  if (type !== undefined) return { path, message: `Expected ${type.replaceAll('", "', " or ")}.` };
  return { path, message: error.replace(/^Instance/, "Value") };
}

function distinct(issues: readonly ValidationIssue[]): readonly ValidationIssue[] {
  const seen = new Set<string>();
  return issues.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return seen.has(key) ? false : seen.add(key);
  });
}
