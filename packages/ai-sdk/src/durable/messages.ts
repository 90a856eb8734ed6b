import type { JsonValue } from "@holdpoint/sdk";
import type { ModelMessage } from "ai";

const BYTES = "holdpoint.bytes";
const URL_TAG = "holdpoint.url";

/**
 * Messages as plain JSON. Files in them may be bytes or a `URL`, which JSON would turn into
 * something else without a word.
 */
export function packMessages(messages: readonly ModelMessage[]): JsonValue {
  return JSON.parse(JSON.stringify(messages, packMember)) as JsonValue;
}

export function unpackMessages(packed: JsonValue): ModelMessage[] {
  return JSON.parse(JSON.stringify(packed), unpackMember) as ModelMessage[];
}

function packMember(this: unknown, name: string, value: unknown): unknown {
  // As it was before its toJSON: a Buffer and a URL have one.
  const given = (this as Record<string, unknown>)[name];
  if (given instanceof URL) return { [URL_TAG]: given.href };
  if (given instanceof ArrayBuffer) return { [BYTES]: toBase64(new Uint8Array(given)) };
  return given instanceof Uint8Array ? { [BYTES]: toBase64(given) } : value;
}

function unpackMember(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return value;
  const { [BYTES]: bytes, [URL_TAG]: href } = value as Record<string, unknown>;
  if (typeof href === "string") return new URL(href);
  return typeof bytes === "string" ? fromBase64(bytes) : value;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
