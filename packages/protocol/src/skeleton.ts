import { canonicalJson, digestJson, isJsonObject, type JsonValue } from "./json.js";

/** A payload's shape: keys and types, none of its values. */
export type Skeleton = string | readonly Skeleton[] | { readonly [key: string]: Skeleton };

/** How much of the values a shape tells. */
export interface SkeletonOptions {
  /**
   * Tells of each value in which coarse class it is, so that another order of magnitude is another
   * shape. Default false: nothing of values.
   *
   * What that reveals to whoever holds the hash and knows or guesses the keys, for classes are few
   * enough to try them all: of a number its sign and how many digits it has, or that it is zero; of a
   * text whether it is empty, up to 8, 32, 128, 512 … characters long; of a boolean its value.
   */
  readonly buckets?: boolean;
}

/**
 * Strips a payload of every value. Objects keep their keys; an array keeps the set of its
 * elements' shapes, so that ten equal items look like one; a leaf becomes its type's name, with
 * `buckets` and its class behind it.
 */
export function skeletonOf(value: JsonValue, options: SkeletonOptions = {}): Skeleton {
  if (Array.isArray(value)) return distinct(value.map((item) => skeletonOf(item, options)));
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([key, item]) => [key, skeletonOf(item, options)]);
    return Object.fromEntries(members);
  }
  // No other object is left.
  if (typeof value === "object") return "null";
  return options.buckets ? `${typeof value}:${bucketOf(value)}` : typeof value;
}

/** SHA-256 (hex) of the skeleton: what the server may know of an encrypted payload. */
export function hashSkeleton(payload: JsonValue, options: SkeletonOptions = {}): Promise<string> {
  return digestJson(markedSkeletonOf(payload, options));
}

/** What {@link hashSkeleton} digests, as canonical JSON: for those with a digest of their own. */
export function markedSkeletonOf(payload: JsonValue, options: SkeletonOptions = {}): Skeleton {
  return ["holdpoint.skeleton.v1", skeletonOf(payload, options)];
}

function bucketOf(value: string | number | boolean): string {
  if (typeof value === "string") return lengthClass(value.length);
  if (typeof value === "boolean" || value === 0) return String(Number(value));
  // Not `log10`, which is off by one just below a power of ten.
  const [, magnitude = ""] = value.toExponential().split("e");
  return `${value < 0 ? "-" : "+"}e${magnitude}`;
}

function lengthClass(length: number): string {
  if (length === 0) return "0";
  let longest = 8;
  while (longest < length) longest *= 4;
  return String(longest);
}

function distinct(skeletons: readonly Skeleton[]): readonly Skeleton[] {
  const byText = new Map(skeletons.map((skeleton) => [canonicalJson(skeleton), skeleton]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as Skeleton);
}
