import type { JsonValue } from "./json.js";
import { escapePointerSegment } from "./pointer.js";

/**
 * One edit. `path` is a JSON Pointer (RFC 6901); `from` is absent where something was added, `to`
 * where it was removed. Items of arrays are compared place by place.
 */
export interface Change {
  readonly path: string;
  readonly from?: JsonValue;
  readonly to?: JsonValue;
}

/** What a person changed in a payload. */
export interface Diff {
  /** One line for people and models, for example `Changed /amount from 500 to 50; removed /force.` */
  readonly summary: string;
  readonly changes: readonly Change[];
}

/**
 * Compares two JSON values by structure, own properties only. Equal values give no changes; a
 * member that is `undefined` counts as absent, as in JSON text.
 */
export function diffPayload(from: JsonValue, to: JsonValue): Diff {
  const changes = [...compare("", from, to)];
  return { summary: summarize(changes), changes };
}

function* compare(path: string, from: JsonValue, to: JsonValue): Generator<Change> {
  // Not Object.is: JSON has one zero.
  if (from === to) return;
  if (!isContainer(from) || !isContainer(to) || Array.isArray(from) !== Array.isArray(to)) {
    yield { path, from, to };
    return;
  }
  for (const [key, item] of Object.entries(from)) {
    if (!holds(from, key)) continue;
    const place = `${path}/${escapePointerSegment(key)}`;
    if (holds(to, key)) yield* compare(place, item, to[key] as JsonValue);
    else yield { path: place, from: item };
  }
  for (const [key, item] of Object.entries(to)) {
    if (holds(to, key) && !holds(from, key)) {
      yield { path: `${path}/${escapePointerSegment(key)}`, to: item };
    }
  }
}

function holds(container: { readonly [key: string]: JsonValue }, key: string): boolean {
  return Object.hasOwn(container, key) && container[key] !== undefined;
}

function isContainer(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null;
}

const SUMMARISED_CHANGES = 5;

function summarize(changes: readonly Change[]): string {
  if (changes.length === 0) return "No changes.";
  const parts = changes.slice(0, SUMMARISED_CHANGES).map(describe);
  const rest = changes.length - parts.length;
  if (rest > 0) parts.push(`${rest} more`);
  const line = parts.join("; ");
  return printable(`${line.charAt(0).toUpperCase()}${line.slice(1)}.`);
}

function describe({ path, from, to }: Change): string {
  const place = path === "" ? "the payload" : shorten(path, PATH_LENGTH);
  if (from === undefined) return `added ${place} = ${excerpt(to)}`;
  if (to === undefined) return `removed ${place}`;
  return `changed ${place} from ${excerpt(from)} to ${excerpt(to)}`;
}

const PATH_LENGTH = 120;
const EXCERPT_LENGTH = 60;

function excerpt(value: JsonValue | undefined): string {
  return shorten(JSON.stringify(value), EXCERPT_LENGTH);
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Keys and values come from agents: nothing in them may break or turn the line. */
function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
