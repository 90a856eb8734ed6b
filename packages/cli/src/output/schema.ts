import { isJsonObject, type JsonObject, type JsonValue } from "@holdpoint/protocol";
import { columns } from "./columns.js";
import { printableJson, printableLine } from "./text.js";

/** A line per property of an object schema: name, what it may be, whether it must be there. */
export function describeSchema(schema: JsonObject): string {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return describeType(schema);
  const must = Array.isArray(required) ? required : [];
  return columns(
    Object.entries(properties).map(([name, property]) => [
      printableLine(name, 40),
      describeType(property),
      must.includes(name) ? "required" : "",
      isJsonObject(property) && typeof property.description === "string"
        ? printableLine(property.description)
        : "",
    ]),
  );
}

function describeType(schema: JsonValue): string {
  if (!isJsonObject(schema)) return "anything";
  const { type, items, format, minimum, maximum } = schema;
  if (Array.isArray(schema.enum)) return schema.enum.map((item) => printableJson(item)).join(" | ");
  if (schema.const !== undefined) return printableJson(schema.const);
  if (type === "array") return `list of ${describeType(items ?? true)}`;
  const name = printableLine(String(format ?? type ?? "anything"));
  const bounds = [minimum !== undefined && `≥ ${minimum}`, maximum !== undefined && `≤ ${maximum}`];
  return [name, ...bounds.filter(Boolean)].join(" ");
}
