import { zodToJsonSchema } from "zod-to-json-schema";
import { SchemaFault } from "./fault.js";

type Zod3Schema = Parameters<typeof zodToJsonSchema>[0];

/** What no JSON payload can satisfy. The converter would drop these or turn them into anything. */
const UNREPRESENTABLE = new Set(
  ["BigInt", "Function", "Map", "NaN", "Promise", "Set", "Symbol", "Void"].map((n) => `Zod${n}`),
);

/** The JSON Schema of a zod 3 schema's input. */
export function toJsonSchema(schema: unknown): unknown {
  return zodToJsonSchema(schema as Zod3Schema, {
    target: "jsonSchema2019-09",
    // Only `.strict()` objects refuse further members, as in zod itself.
    removeAdditionalStrategy: "strict",
    effectStrategy: "input",
    pipeStrategy: "input",
    postProcess: (json, def) => {
      const { typeName, coerce } = def as { typeName?: string; coerce?: boolean };
      const unrepresentable = typeName !== undefined && UNREPRESENTABLE.has(typeName);
      if (unrepresentable || (typeName === "ZodDate" && coerce !== true)) {
        throw new SchemaFault(
          `${typeName} cannot be represented in JSON Schema. Describe the payload as the JSON that travels, for example a time as z.string().datetime().`,
        );
      }
      return json;
    },
  });
}
