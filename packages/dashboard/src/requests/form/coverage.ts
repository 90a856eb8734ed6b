import { formatPointer, type JsonValue } from "@holdpoint/protocol";

/** How the form library names its elements; a slash keeps `a_b` apart from `a` and `b`. */
export const ID_PREFIX = "payload";
export const ID_SEPARATOR = "/";

/**
 * The parts of a value that a drawn form has no element for, as JSON Pointers. A schema can leave
 * things out in more ways than one can foresee, so this looks at what is there.
 */
export function hiddenPaths(container: HTMLElement, value: JsonValue): readonly string[] {
  const drawn = new Map(
    [...container.querySelectorAll("[id]")].map((element) => [element.id, element]),
  );
  return [...findHidden(drawn, value, [])];
}

function* findHidden(
  drawn: ReadonlyMap<string, Element>,
  value: JsonValue,
  path: readonly string[],
): Generator<string> {
  const element = drawn.get([ID_PREFIX, ...path].join(ID_SEPARATOR));
  if (element === undefined) {
    yield formatPointer(path);
    return;
  }
  // One field for a whole value, such as a JSON text, shows all that is inside.
  if (element.matches("input, textarea, select")) return;
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) yield* findHidden(drawn, item, [...path, name]);
}
