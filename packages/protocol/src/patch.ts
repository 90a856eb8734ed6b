import type { Envelope } from "./envelope/shape.js";
import type { JsonValue } from "./json.js";

/**
 * Tells whether an edited payload has no content: `null`, `""`, `{}` or `[]`. Such an edit is
 * refused everywhere, for it is more likely a mistake than a wish.
 */
export function isEmptyPatch(patch: JsonValue | Envelope): boolean {
  if (typeof patch === "object" && patch !== null) return Object.keys(patch).length === 0;
  return patch === null || patch === "";
}
