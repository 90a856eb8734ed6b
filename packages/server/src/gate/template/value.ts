import type { JsonValue } from "@holdpoint/protocol";
import { placeholderOf } from "../../domain/gate/manifest.js";
import { readName, type Scope } from "./scope.js";

/**
 * Fills a typed template: a string that is exactly `{name}` becomes that parameter, whatever its type,
 * and `{*}` all of them. No other text is looked into, and nothing is joined, so a parameter never
 * becomes structure. `undefined`: the parameter is absent.
 */
export function fillValue(template: JsonValue, scope: Scope): JsonValue | undefined {
  if (typeof template === "string") return fillText(template, scope);
  if (typeof template !== "object" || template === null) return template;
  if (Array.isArray(template)) {
    return template.flatMap((item: JsonValue) => {
      const value = fillValue(item, scope);
      return value === undefined ? [] : [value];
    });
  }
  const members = Object.entries(template).flatMap(([key, item]) => {
    const value = fillValue(item, scope);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(members);
}

function fillText(text: string, scope: Scope): JsonValue | undefined {
  const name = placeholderOf(text);
  if (name === undefined) return text;
  return name === "*" ? scope.parameters : readName(name, scope);
}
