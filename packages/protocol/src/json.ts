import canonicalize from "canonicalize";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * The one canonical text of a JSON value: equal values give equal bytes.
 *
 * @throws {TypeError} for what JSON cannot say: `NaN`, infinities, functions, `bigint`, cycles,
 *   and strings with half a surrogate pair.
 * @see RFC 8785 (JSON Canonicalization Scheme)
 */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new TypeError(`Expected a JSON value, got ${typeof value}.`);
  if (hasLoneSurrogate(text)) {
    throw new TypeError("Expected well-formed Unicode, got half a surrogate pair.");
  }
  return text;
}

/**
 * Finds half a surrogate pair in text made by `JSON.stringify`, which writes it as `\ud…` and
 * writes nothing else so.
 *
 * @see RFC 8785 §3.2.2.2
 */
export function hasLoneSurrogate(jsonText: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud/.test(jsonText);
}

function serialize(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (cause) {
    throw new TypeError("Expected JSON without NaN, infinities, bigint or cycles.", { cause });
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const encoder = new TextEncoder();

/** SHA-256 of the value's canonical JSON, as lower-case hex. */
export async function digestJson(value: unknown): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(canonicalJson(value)));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
