import { isJsonObject, type JsonObject, type JsonValue } from "@holdpoint/protocol";

/** Keywords that hold one schema, a list of schemas, or schemas by name. */
const ONE = ["items", "additionalProperties", "contains", "not", "if", "then", "else"];
const LIST = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/**
 * The schema a form is drawn from. Validation uses the original; this one differs where drawing
 * would change a payload or hide a part of it:
 * - no `default`, so that opening a form fills nothing in;
 * - members the schema does not name are drawn, unless it forbids them;
 * - `X | null` is one nullable field, a tuple has one field per place.
 */
export function formSchemaOf(schema: JsonObject): JsonObject {
  const { $schema: _, $id: __, ...rest } = schema;
  return rewrite(rest) as JsonObject;
}

function rewrite(schema: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(schema)) return schema;
  const { default: _, ...rest } = schema;
  const result: Record<string, JsonValue> = { ...rest };
  for (const key of ONE) if (key in result) result[key] = rewrite(result[key]) as JsonValue;
  if ("items" in result) result.items = drawable(result.items);
  for (const key of LIST) {
    const list = result[key];
    if (Array.isArray(list)) result[key] = list.map((item) => rewrite(item) as JsonValue);
  }
  for (const key of NAMED) if (isJsonObject(result[key])) result[key] = rewriteNamed(result[key]);
  return openObject(openMixed(drawTuple(nameBranches(joinNullable(result)))));
}

function rewriteNamed(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, drawable(rewrite(schema))]),
  );
}

/** The form library draws nothing at all for a schema that takes anything. */
function drawable(schema: JsonValue | undefined): JsonValue {
  const takesAnything =
    schema === true || (isJsonObject(schema) && Object.keys(schema).length === 0);
  return takesAnything ? { $comment: "any value" } : (schema as JsonValue);
}

function joinNullable(schema: JsonObject): JsonObject {
  for (const key of ["anyOf", "oneOf"]) {
    const options = schema[key];
    if (!Array.isArray(options) || options.length !== 2) continue;
    const kept = options.find((option) => !isNullSchema(option));
    if (!options.some(isNullSchema) || !isJsonObject(kept) || typeof kept.type !== "string")
      continue;
    if (kept.const !== undefined) continue;
    const { [key]: _, ...outer } = schema;
    const choices = Array.isArray(kept.enum) ? { enum: [...kept.enum, null] } : {};
    return { ...kept, ...outer, type: [kept.type, "null"], ...choices };
  }
  return schema;
}

/** Names the branches of a union that have no title, by what tells them apart. */
function nameBranches(schema: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { ...schema };
  for (const key of ["anyOf", "oneOf"]) {
    const branches = schema[key];
    if (!Array.isArray(branches)) continue;
    result[key] = branches.map((branch: JsonValue) => {
      if (!isJsonObject(branch) || "title" in branch || "const" in branch) return branch;
      const title = branchName(branch);
      return title === undefined ? branch : { ...branch, title };
    });
  }
  return result;
}

function branchName({ type, properties }: JsonObject): string | undefined {
  const members = isJsonObject(properties) ? Object.values(properties) : [];
  const mark = members.find((member) => isJsonObject(member) && typeof member.const === "string");
  if (isJsonObject(mark ?? null)) return (mark as { const: string }).const;
  return typeof type === "string" ? type : undefined;
}

function isNullSchema(schema: JsonValue): boolean {
  return isJsonObject(schema) && schema.type === "null";
}

function drawTuple(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.prefixItems)) return schema;
  const { prefixItems, items, ...rest } = schema;
  return { ...rest, items: prefixItems as JsonValue, additionalItems: items ?? false };
}

/** A text field would turn `12` into `"12"`: what may be of several types is edited as JSON. */
function openMixed(schema: JsonObject): JsonObject {
  const { type, ...rest } = schema;
  const mixed = Array.isArray(type) && type.filter((name) => name !== "null").length > 1;
  return mixed && schema.enum === undefined ? { ...rest, $comment: "several types" } : schema;
}

function openObject(schema: JsonObject): JsonObject {
  const closed = "additionalProperties" in schema || "unevaluatedProperties" in schema;
  const isObject = isJsonObject(schema.properties) || schema.type === "object";
  return isObject && !closed ? { ...schema, additionalProperties: {} } : schema;
}

/** What a schema asks of one value, in words, for example `1 to 10,000` or `at most 40 characters`. */
export function describeLimits(schema: JsonObject): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  const { minLength, maxLength, minItems, maxItems, pattern, description } = schema;
  // Whoever has written a description has said in words what the pattern asks.
  const isToldOf = typeof description === "string";
  const parts = [
    schema.const !== undefined && `always ${JSON.stringify(schema.const)}`,
    typeof format === "string" && FORMAT_NAMES[format],
    range(minimum, maximum, ""),
    typeof exclusiveMinimum === "number" && `more than ${exclusiveMinimum}`,
    typeof exclusiveMaximum === "number" && `less than ${exclusiveMaximum}`,
    typeof multipleOf === "number" && multipleOf !== 1 && `in steps of ${multipleOf}`,
    range(minLength, maxLength, " characters"),
    range(minItems, maxItems, " items"),
    typeof pattern === "string" && pattern.length <= 80 && !isToldOf && `pattern ${pattern}`,
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join(", ");
}

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  "date-time": "date and time with zone, like 2026-11-22T09:30:00Z",
  time: "time, like 09:30:00Z",
  email: "e-mail address",
  uri: "web address",
  url: "web address",
  uuid: "UUID",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
};

function range(low: unknown, high: unknown, unit: string): string {
  // zod writes the bounds of a safe integer; they tell a person nothing.
  const from = typeof low === "number" && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  const to = typeof high === "number" && high < Number.MAX_SAFE_INTEGER ? high : undefined;
  if (from !== undefined && from === to) return `${from}${unit || " exactly"}`;
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `at least ${from}${unit}`;
  return to === undefined ? "" : `at most ${to}${unit}`;
}
