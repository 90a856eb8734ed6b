import type { JsonObject, JsonValue, ValidationIssue } from "@holdpoint/protocol";
import { ValidationError } from "../errors/validation.js";
import type { CompiledSchema } from "./compile.js";

/**
 * Turns whatever a caller gives as `schema` into JSON Schema and validators.
 *
 * @throws {ValidationError} `SCHEMA_UNSUPPORTED` when it cannot be converted, or would come out
 *   without any constraint: that would put an empty form before a person.
 */
export function compileSchema(schema: unknown): Promise<CompiledSchema> {
  return withSchemas((schemas) => schemas.compileSchema(schema));
}

/** Prepares a JSON Schema that came over the wire. Throws as {@link compileSchema}. */
export function compileJsonSchema(json: JsonObject): Promise<CompiledSchema> {
  return withSchemas((schemas) => schemas.compileJsonSchema(json));
}

/**
 * Checks a value by JSON Schema and by the library's own schema.
 *
 * @returns What is wrong; empty when nothing is. No message repeats a value.
 */
export function checkValue(
  schema: CompiledSchema,
  value: JsonValue,
): Promise<readonly ValidationIssue[]> {
  return withSchemas((schemas) => schemas.checkValue(schema, value));
}

/** Loads the schema code with its first use: it carries a validator as large as the client. */
async function withSchemas<T>(
  work: (schemas: typeof import("./index.js")) => T | Promise<T>,
): Promise<T> {
  const schemas = await import("./index.js");
  try {
    return await work(schemas);
  } catch (cause) {
    const isFault = cause instanceof schemas.SchemaFault;
    throw new ValidationError({
      code: "SCHEMA_UNSUPPORTED",
      message: isFault ? cause.message : "The schema itself failed while it was used. See cause.",
      cause: isFault ? cause.cause : cause,
    });
  }
}
