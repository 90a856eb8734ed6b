import type { PayloadSchema } from "@holdpoint/sdk";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { InteropZodType } from "@langchain/core/utils/types";

/** A tool's schema for the gate: its own. Where that has no JSON Schema to offer, as zod/mini, LangChain's. */
export function schemaOf(tool: unknown): PayloadSchema | undefined {
  const { schema } = Object(tool) as { schema?: PayloadSchema };
  return isBareZod(schema) ? (toJsonSchema(schema) as PayloadSchema) : schema;
}

function isBareZod(schema: unknown): schema is InteropZodType {
  const { _zod, toJSONSchema } = Object(schema) as { _zod?: unknown; toJSONSchema?: unknown };
  return _zod !== undefined && toJSONSchema === undefined;
}
