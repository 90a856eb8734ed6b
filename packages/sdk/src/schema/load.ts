import type { JsonObject, JsonValue, ValidationIssue } from "@holdpoint/protocol";
import { ValidationError } from "../errors/validation.js";
import type { CompiledSchema } from "./compile.js";

// The code behind is loaded with its first use: it carries a validator as large as the client.

/**
 * Turns whatever a caller gives as `schema` into JSON Schema and validators.
 *
 * @throws {ValidationError} `SCHEMA_UNSUPPORTED` when it cannot be converted, or would come out
 *   without any constraint: that would put an empty form before a person.
 */
export async function compileSchema(schema: unknown): Promise<CompiledSchema> {
  const schemas = await import("./index.js");
  return withTypedFaults(schemas.SchemaFault, () => schemas.compileSchema(schema));
}

/** Prepares a JSON Schema that came over the wire. Throws as {@link compileSchema}. */
export async function compileJsonSchema(json: JsonObject): Promise<CompiledSchema> {
  const schemas = await import("./index.js");
  return withTypedFaults(schemas.SchemaFault, () => schemas.compileJsonSchema(json));
}

/**
 * Checks a value by JSON Schema and by the library's own schema.
 *
 * @returns What is wrong; empty when nothing is. No message repeats a value.
 */
export async function checkValue(
  schema: CompiledSchema,
  value: JsonValue,
): Promise<readonly ValidationIssue[]> {
  const schemas = await import("./index.js");
  return withTypedFaults(schemas.SchemaFault, () => schemas.checkValue(schema, value));
}

/** What a schema throws while it is used, its own code included, is the schema's fault. */
async function withTypedFaults<T>(
  SchemaFault: typeof import("./fault.js").SchemaFault,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isFault = cause instanceof SchemaFault;
    throw new ValidationError({
      code: "SCHEMA_UNSUPPORTED",
      message: isFault ? cause.message : "The schema itself failed while it was used. See cause.",
      cause: isFault ? cause.cause : cause,
    });
  }
}
