/**
 * One step of a JSON Pointer as it is written: `a/b` becomes `a~1b`.
 *
 * @see RFC 6901 §3
 */
export function escapePointerSegment(segment: PropertyKey): string {
  return String(segment).replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The JSON Pointer to what these steps lead to; empty for the whole document. */
export function formatPointer(segments: readonly PropertyKey[]): string {
  return segments.map((segment) => `/${escapePointerSegment(segment)}`).join("");
}

/** The steps of a JSON Pointer, unescaped; none for the whole document. */
export function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
