import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import { isRecord } from "./fault.js";

/** Keywords whose value is a schema, a list of schemas, or an object of named schemas. */
const SCHEMA_KEYWORDS = new Set(
  "additionalProperties allOf anyOf contains else if items not oneOf prefixItems propertyNames then unevaluatedItems unevaluatedProperties".split(
    " ",
  ),
);
const NAMED_SCHEMA_KEYWORDS = new Set(
  "$defs definitions dependentSchemas patternProperties properties".split(" "),
);
const OLD_DRAFT = /draft-0[67]|2019-09/;

/**
 * Raises a draft-06, -07 or 2019-09 schema to the wire's 2020-12, in which tuples are written
 * `prefixItems`. `$schema` is dropped: the wire knows one dialect.
 */
export function upliftSchema(schema: JsonObject): JsonObject {
  const { $schema, ...rest } = schema;
  const isOld = typeof $schema === "string" && OLD_DRAFT.test($schema);
  return isOld ? (uplift(rest) as JsonObject) : rest;
}

function uplift(schema: JsonValue): JsonValue {
  if (!isRecord(schema)) return schema;
  const raised = Object.entries(raiseTuple(schema)).map(([keyword, value]) => {
    if (SCHEMA_KEYWORDS.has(keyword)) return [keyword, upliftEach(value)];
    if (NAMED_SCHEMA_KEYWORDS.has(keyword) && isRecord(value)) {
      const named = Object.entries(value).map(([name, item]) => [name, uplift(item)]);
      return [keyword, Object.fromEntries(named)];
    }
    return [keyword, value];
  });
  return Object.fromEntries(raised) as JsonObject;
}

function upliftEach(value: JsonValue): JsonValue {
  return Array.isArray(value) ? value.map(uplift) : uplift(value);
}

function raiseTuple(schema: JsonObject): JsonObject {
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return schema;
  const tuple = { ...rest, prefixItems: items };
  return additionalItems === undefined ? tuple : { ...tuple, items: additionalItems };
}
