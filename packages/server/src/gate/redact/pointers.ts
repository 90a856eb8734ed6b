import { type JsonValue, parsePointer } from "@holdpoint/protocol";
import { REDACTED } from "../secrets/echo.js";

/** A copy in which what the JSON Pointers lead to is `[redacted]`. Those that lead nowhere do nothing. */
export function redactPointers(value: JsonValue, pointers: readonly string[]): JsonValue {
  return pointers.reduce((redacted, pointer) => redactAt(redacted, parsePointer(pointer)), value);
}

function redactAt(value: JsonValue, [step, ...rest]: readonly string[]): JsonValue {
  if (step === undefined) return REDACTED;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return value;
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) =>
      String(index) === step ? redactAt(item, rest) : item,
    );
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === step ? redactAt(member, rest) : member,
  ]);
  return Object.fromEntries(members);
}
