import type { JsonValue } from "@holdpoint/sdk";
import type { ModelMessage } from "ai";

/** Says what an object stands for. One that has this member itself is packed as `plain`. */
const KIND = "holdpoint.kind";

/**
 * Messages as plain JSON. Files in them may be bytes or a `URL`, which JSON would turn into
 * something else without a word.
 */
export function packMessages(messages: readonly ModelMessage[]): JsonValue {
  return pack(messages) as JsonValue;
}

export function unpackMessages(packed: JsonValue): ModelMessage[] {
  return unpack(packed) as ModelMessage[];
}

function pack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(pack);
  if (value instanceof URL) return { [KIND]: "url", value: value.href };
  if (value instanceof Uint8Array) return { [KIND]: "bytes", value: toBase64(value) };
  if (value instanceof ArrayBuffer) return pack(new Uint8Array(value));
  const packed = mapMembers(value, pack);
  return Object.hasOwn(value, KIND) ? { [KIND]: "plain", value: packed } : packed;
}

function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (!Object.hasOwn(value, KIND)) return mapMembers(value, unpack);
  const { [KIND]: kind, value: packed } = value as { [KIND]: string; value: never };
  if (kind === "url") return new URL(packed);
  return kind === "bytes" ? fromBase64(packed) : mapMembers(packed, unpack);
}

function mapMembers(value: object, map: (member: unknown) => unknown): object {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, map(member)]));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
