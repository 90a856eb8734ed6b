import { TypeID } from "typeid-js";

/**
 * The kinds of thing that carry an id, and the TypeID prefix of each.
 *
 * @see https://github.com/jetify-com/typeid/tree/main/spec (TypeID 0.3)
 */
export const ID_PREFIXES = {
  request: "req",
  project: "prj",
  agent: "agt",
  apiKey: "key",
  operator: "usr",
  operatorToken: "tok",
  event: "evt",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Tells whether `value` is a well-formed id of this kind, for example `req_01jz…`. Never throws. */
export function isId(kind: IdKind, value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    TypeID.fromString(value, ID_PREFIXES[kind]);
    return true;
  } catch {
    return false;
  }
}
