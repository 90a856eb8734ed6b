import type { OutputUnit } from "@cfworker/json-schema";
import type { JsonObject, JsonValue, ValidationIssue } from "@holdpoint/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CompiledSchema } from "./compile.js";
import { SchemaFault } from "./fault.js";

const MAX_ISSUES = 20;

/**
 * Checks a value by JSON Schema and, when that is content, by the library's own schema.
 *
 * No message repeats a value, for what is checked may be secret.
 *
 * @returns What is wrong; empty when nothing is.
 */
export async function checkValue(
  schema: CompiledSchema,
  value: JsonValue,
): Promise<readonly ValidationIssue[]> {
  const issues = checkJsonSchema(schema, value);
  if (issues.length > 0 || schema.standard === undefined) return issues;
  return checkStandardSchema(schema.standard, value);
}

function checkJsonSchema({ json, validator }: CompiledSchema, value: JsonValue): ValidationIssue[] {
  try {
    const { valid, errors } = validator.validate(value);
    if (valid) return [];
    const issues = errors
      .filter(isInnermost)
      .map(({ instanceLocation, keyword, keywordLocation }) => ({
        path: instanceLocation.slice(1),
        message: `Expected ${describeKeyword(json, keyword, keywordLocation)}.`,
      }));
    return issues.slice(0, MAX_ISSUES);
  } catch (cause) {
    throw new SchemaFault(
      "The JSON Schema cannot be used for checking. Look for a $ref that leads nowhere or outside, and for broken patterns.",
      { cause },
    );
  }
}

/** Leaves out those that only say that something inside them is wrong. */
function isInnermost(
  { instanceLocation, keyword, keywordLocation }: OutputUnit,
  _index: number,
  errors: readonly OutputUnit[],
): boolean {
  // Which branch was meant is not known, so the choice itself is the fault to name.
  if (keyword === "anyOf" || keyword === "oneOf" || keyword === "false") return true;
  return !errors.some((other) =>
    // The validator gives `false` schemas no place in the schema, only one in the value.
    other.keyword === "false"
      ? other.instanceLocation.startsWith(`${instanceLocation}/`) && MEMBERS.test(keyword)
      : other.keywordLocation.startsWith(`${keywordLocation}/`),
  );
}

const MEMBERS = /properties|items/i;

async function checkStandardSchema(
  schema: StandardSchemaV1,
  value: JsonValue,
): Promise<ValidationIssue[]> {
  const { vendor } = schema["~standard"];
  const { issues } = await schema["~standard"].validate(structuredClone(value));
  return (issues ?? []).slice(0, MAX_ISSUES).map(({ path, message }) => ({
    path: toPointer(path ?? []),
    // zod's messages name what was expected; those of others repeat the value they got.
    message: vendor === "zod" ? message : `Refused by the ${vendor} schema.`,
  }));
}

/** Ours, for this file is loaded late: sharing code with the root entry would split that in two. */
function toPointer(path: NonNullable<StandardSchemaV1.Issue["path"]>): string {
  const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment));
  return keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const SHOWN_LENGTH = 80;

/** The broken keyword with what the schema says there, for example `minimum 1`. */
function describeKeyword(json: JsonObject, keyword: string, location: string): string {
  if (keyword === "false") return "nothing here";
  let place: unknown = json;
  for (const segment of location.split("/").slice(1)) {
    const key = decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    place = Object(place)[key];
  }
  const text = JSON.stringify(place);
  return text === undefined || text.length > SHOWN_LENGTH ? keyword : `${keyword} ${text}`;
}
