import type { JsonSchema, PayloadSchema } from "@holdpoint/sdk";

/** Gives a tool's schema as the gate takes it. Whoever asks again gets the same. */
export type SchemaLoader = () => PayloadSchema | undefined | Promise<PayloadSchema | undefined>;

/** What the framework's `jsonSchema()` makes, in both majors. */
interface FrameworkSchema {
  readonly jsonSchema: JsonSchema | PromiseLike<JsonSchema>;
  readonly validate?: (value: unknown) => Validated | PromiseLike<Validated>;
}

type Validated =
  | { readonly success: true; readonly value: unknown }
  | { readonly success: false; readonly error: Error };

/**
 * Takes a tool's `inputSchema` to the gate: a library's schema as it is, the framework's own as a
 * Standard Schema, so that its `validate` binds every edit too.
 */
export function createSchemaLoader(inputSchema: unknown): SchemaLoader {
  let loaded: ReturnType<SchemaLoader> | null = null;
  return () => {
    loaded ??= convert(inputSchema);
    return loaded;
  };
}

function convert(inputSchema: unknown): ReturnType<SchemaLoader> {
  if (isFrameworkSchema(inputSchema)) return wrap(inputSchema);
  const isLazy = typeof inputSchema === "function" && !("~standard" in inputSchema);
  if (isLazy) return convert((inputSchema as () => unknown)());
  return (inputSchema ?? undefined) as PayloadSchema | undefined;
}

function isFrameworkSchema(schema: unknown): schema is FrameworkSchema {
  if (typeof schema !== "object" || schema === null) return false;
  // As `asSchema` of the framework tells it.
  return Object.hasOwn(schema, Symbol.for("vercel.ai.schema"));
}

/** Without the words of the check, which may repeat a value. */
const REFUSED = { issues: [{ message: "Refused." }] };

async function wrap(schema: FrameworkSchema): Promise<PayloadSchema> {
  const json = await schema.jsonSchema;
  if (schema.validate === undefined) return json;
  const validate = async (value: unknown) => {
    const checked = await schema.validate?.(value);
    return checked?.success ? { value: checked.value } : REFUSED;
  };
  const standard = { version: 1, vendor: "ai", validate, jsonSchema: { input: () => json } };
  return { "~standard": standard } as unknown as PayloadSchema;
}
