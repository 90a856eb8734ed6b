import type { JsonObject } from "@holdpoint/protocol";

/** Keywords whose work is not bounded by the sizes of schema and value alone. */
const UNBOUNDED = new Set([
  "$dynamicRef",
  "$recursiveRef",
  "$ref",
  "format",
  "pattern",
  "patternProperties",
  "uniqueItems",
]);

/**
 * Characters of the schema times characters of the value that certainly take no longer than some ten
 * milliseconds: no part of a schema looks at any part of a value twice.
 */
const QUICK_CHARACTERS = 10_000_000;

/**
 * Which values a schema checks quickly by its looks. A watch on the time costs more than checking most
 * payloads, as it takes a thread each time; only what may run long is worth it.
 */
export function isQuick(schema: JsonObject): (value: unknown) => boolean {
  if (names(schema, UNBOUNDED)) return () => false;
  const schemaLength = JSON.stringify(schema).length;
  return (value) => schemaLength * JSON.stringify(value).length <= QUICK_CHARACTERS;
}

/** Anywhere: a property that merely has such a name costs a watch, and nothing else. */
function names(value: unknown, keywords: ReadonlySet<string>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, member]) => keywords.has(key) || names(member, keywords),
  );
}
