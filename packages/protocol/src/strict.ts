import { type IdKind, isId } from "./id.js";
import { canonicalJson, isJsonObject } from "./json.js";

/** Whether a value is what a member of signed content may be. */
export type Check = (value: unknown) => boolean;
/** Every member there may be; one that may be absent is {@link optional}. */
export type Members = Readonly<Record<string, Check>>;

export const isText: Check = (value) => typeof value === "string" && value !== "";
export const isExactly =
  (expected: unknown): Check =>
  (value) =>
    value === expected;
export const isIdOf =
  (kind: IdKind): Check =>
  (value) =>
    isId(kind, value);
export const isDigest: Check = (value) =>
  typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
export const isTime: Check = (value) =>
  typeof value === "string" &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value;
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const hasExactly =
  (members: Members): Check =>
  (value) =>
    hasMembers(value, members);

/** Whether a value is an object with these members, each as it may be, and no others. */
export function hasMembers(value: unknown, members: Members): boolean {
  if (!isJsonObject(value)) return false;
  const known = Object.keys(value).every((name) => Object.hasOwn(members, name));
  return known && Object.entries(members).every(([name, check]) => check(own(value, name)));
}

/** JSON that is the canonical text of itself, so that one content has one writing; else `undefined`. */
export function parseCanonical(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
