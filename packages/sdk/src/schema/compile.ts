import { Validator } from "@cfworker/json-schema";
import type { JsonObject } from "@holdpoint/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { convertSchema } from "./convert.js";
import { isRecord, SchemaFault } from "./fault.js";
import { upliftSchema } from "./uplift.js";

/** A schema ready to travel and to check with. */
export interface CompiledSchema {
  /** JSON Schema 2020-12, as it goes over the wire. */
  readonly json: JsonObject;
  readonly validator: Validator;
  /** The library's own schema, which may know more than JSON Schema can say. */
  readonly standard: StandardSchemaV1 | undefined;
}

/** Converts, brings to the wire's dialect, and prepares for checking. */
export async function compileSchema(schema: unknown): Promise<CompiledSchema> {
  const converted = await convertSchema(schema);
  const standard = isStandardSchema(schema) ? schema : undefined;
  return { ...compileJsonSchema(upliftSchema(toPlainJson(converted))), standard };
}

/** Prepares a JSON Schema that came over the wire. */
export function compileJsonSchema(json: JsonObject): CompiledSchema {
  if (!isConstraining(json)) {
    throw new SchemaFault(
      "Expected a schema that constrains the payload, got one without a keyword that does (such as type or properties). An approver would face an empty form.",
    );
  }
  return { json, validator: new Validator({ ...json }, "2020-12", false), standard: undefined };
}

export function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  const holder = Object(schema) as { "~standard"?: { validate?: unknown } };
  return typeof holder["~standard"]?.validate === "function";
}

/** Drops what is not JSON, such as the hidden members some libraries leave on their output. */
function toPlainJson(schema: unknown): JsonObject {
  try {
    const json: unknown = JSON.parse(JSON.stringify(schema));
    if (isRecord(json)) return json as JsonObject;
  } catch {
    // Cycles and the like end below.
  }
  throw new SchemaFault("Expected a JSON Schema as a plain JSON object, got something else.");
}

const CONSTRAINTS = new Set(
  "type enum const $ref $dynamicRef allOf anyOf oneOf not if properties patternProperties additionalProperties propertyNames required dependentRequired dependentSchemas minProperties maxProperties items prefixItems contains minItems maxItems uniqueItems unevaluatedItems unevaluatedProperties minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format".split(
    " ",
  ),
);

function isConstraining(schema: JsonObject): boolean {
  return Object.keys(schema).some((keyword) => CONSTRAINTS.has(keyword));
}
