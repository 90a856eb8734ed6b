import { canonicalJson, digestJson, isJsonObject, type JsonValue } from "./json.js";

/** A payload's shape: keys and types, none of its values. */
export type Skeleton = string | readonly Skeleton[] | { readonly [key: string]: Skeleton };

/**
 * Strips a payload of every value. Objects keep their keys; an array keeps the set of its
 * elements' shapes, so that ten equal items look like one; a leaf becomes its type's name.
 */
export function skeletonOf(value: JsonValue): Skeleton {
  if (Array.isArray(value)) return distinct(value.map(skeletonOf));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, skeletonOf(item)]));
  }
  return value === null ? "null" : typeof value;
}

/** SHA-256 (hex) of the skeleton: what the server may know of an encrypted payload. */
export function hashSkeleton(payload: JsonValue): Promise<string> {
  return digestJson(["holdpoint.skeleton.v1", skeletonOf(payload)]);
}

function distinct(skeletons: readonly Skeleton[]): readonly Skeleton[] {
  const byText = new Map(skeletons.map((skeleton) => [canonicalJson(skeleton), skeleton]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as Skeleton);
}
