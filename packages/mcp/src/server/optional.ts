import type { z } from "zod";

/**
 * An argument that may be left out. Some hosts, CrewAI among them, send `null` for what their model
 * left out.
 */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}
