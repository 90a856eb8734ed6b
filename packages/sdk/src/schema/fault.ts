// Nothing in this folder but load.ts imports code from outside it: what is shared with the root
// entry would be cut out of it into a chunk of its own.

/** Why a schema cannot be used. Becomes a `ValidationError` in load.ts. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault" as const;
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
