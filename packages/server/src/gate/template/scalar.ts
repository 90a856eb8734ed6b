import type { JsonValue } from "@holdpoint/protocol";

export type Scalar = string | number | boolean;

/** Has one text of its own. `null` has none, and neither has what holds other values. */
export function isScalar(value: JsonValue): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
