import type { JsonValue } from "./json.js";

/** One edit. `path` is a JSON Pointer (RFC 6901); `from` is absent where something was added, `to` where it was removed. */
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

/** Compares two JSON values by structure, own properties only. Equal values give no changes. */
export function diffPayload(from: JsonValue, to: JsonValue): Diff {
  const changes = [...compare("", from, to)];
  return { summary: summarize(changes), changes };
}

function* compare(path: string, from: JsonValue, to: JsonValue): Generator<Change> {
  if (Object.is(from, to)) return;
  if (!isContainer(from) || !isContainer(to) || Array.isArray(from) !== Array.isArray(to)) {
    yield { path, from, to };
    return;
  }
  for (const [key, item] of Object.entries(from)) {
    const place = `${path}/${escapeSegment(key)}`;
    if (Object.hasOwn(to, key)) yield* compare(place, item, to[key] as JsonValue);
    else yield { path: place, from: item };
  }
  for (const [key, item] of Object.entries(to)) {
    if (!Object.hasOwn(from, key)) yield { path: `${path}/${escapeSegment(key)}`, to: item };
  }
}

function isContainer(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null;
}

function escapeSegment(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

const SUMMARISED_CHANGES = 5;

function summarize(changes: readonly Change[]): string {
  if (changes.length === 0) return "No changes.";
  const parts = changes.slice(0, SUMMARISED_CHANGES).map(describe);
  const rest = changes.length - parts.length;
  if (rest > 0) parts.push(`${rest} more`);
  const line = parts.join("; ");
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

function describe({ path, from, to }: Change): string {
  const place = path === "" ? "the payload" : path;
  if (from === undefined) return `added ${place} = ${excerpt(to)}`;
  if (to === undefined) return `removed ${place}`;
  return `changed ${place} from ${excerpt(from)} to ${excerpt(to)}`;
}

const EXCERPT_LENGTH = 60;

function excerpt(value: JsonValue | undefined): string {
  const text = JSON.stringify(value);
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH - 1)}…` : text;
}
