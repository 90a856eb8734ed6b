import { SchemaFault } from "./fault.js";

/** What a schema may offer for conversion, whichever library made it. */
interface Convertible {
  readonly "~standard"?: {
    readonly vendor?: unknown;
    readonly jsonSchema?: { readonly input?: (options: { target: string }) => unknown };
  };
  readonly toJsonSchema?: () => unknown;
  readonly toJSONSchema?: (options: { target: string; io: string }) => unknown;
  readonly _def?: { readonly typeName?: unknown };
  readonly _zod?: unknown;
}

const TARGET = "draft-2020-12";

/**
 * The JSON Schema of a schema's input, by whichever way its library offers.
 *
 * @see https://standardschema.dev/json-schema
 */
export async function convertSchema(schema: unknown): Promise<unknown> {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) {
    throw new SchemaFault(
      `Expected a schema as an object, got ${schema === null ? "null" : typeof schema}. ${ACCEPTED}`,
    );
  }
  const candidate = schema as Convertible;
  const standard = candidate["~standard"];
  try {
    if (standard?.jsonSchema?.input) return standard.jsonSchema.input({ target: TARGET });
    if (candidate._zod && candidate.toJSONSchema) {
      return candidate.toJSONSchema({ target: TARGET, io: "input" });
    }
    if (isZod3(candidate)) return await convertZod3(candidate);
    if (standard && candidate.toJsonSchema) return candidate.toJsonSchema();
  } catch (cause) {
    if (cause instanceof SchemaFault) throw cause;
    const why = cause instanceof Error ? cause.message : "no reason given";
    throw new SchemaFault(`The schema cannot be converted to JSON Schema: ${why}. ${ACCEPTED}`, {
      cause,
    });
  }
  if (standard || typeof schema === "function" || "parse" in schema || candidate._zod) {
    throw new SchemaFault(
      `The schema${nameVendor(standard?.vendor)} offers no JSON Schema. ${ACCEPTED}`,
    );
  }
  return schema;
}

const ACCEPTED =
  "Pass a zod schema (3.25, or 4.2 and later), an arktype type, a valibot schema wrapped with toStandardJsonSchema() of @valibot/to-json-schema, or a JSON Schema object.";

function isZod3({ _def, _zod }: Convertible): boolean {
  return (
    _zod === undefined && typeof _def?.typeName === "string" && _def.typeName.startsWith("Zod")
  );
}

async function convertZod3(schema: Convertible): Promise<unknown> {
  const { toJsonSchema } = await import("./zod3.js");
  return toJsonSchema(schema);
}

function nameVendor(vendor: unknown): string {
  return typeof vendor === "string" ? ` of ${vendor}` : "";
}
