import type { JsonObject, JsonValue } from "@holdpoint/protocol";

/** What names of a template stand for. */
export interface Scope {
  readonly parameters: JsonObject;
  /** Of the call that was made, for the one that reads back. */
  readonly output?: JsonValue;
}

/** The value of `name`, or of `output.<member>.<member>`; `undefined` where there is none. */
export function readName(name: string, { parameters, output }: Scope): JsonValue | undefined {
  if (output === undefined || !name.startsWith("output.")) return ownMember(parameters, name);
  return name.split(".").slice(1).reduce<JsonValue | undefined>(ownMember, output);
}

/** Only what the value itself has: `constructor` and `__proto__` are names like others. */
function ownMember(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as JsonObject)[name];
}
