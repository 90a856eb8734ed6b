import type { JsonValue } from "@holdpoint/protocol";
import { escapePointerSegment, parsePointer } from "@holdpoint/protocol";
import type { PayloadReads } from "./reads.js";

type Scalar = string | number | boolean | null;

/** A payload's leaves by JSON Pointer, as Cedar gets them. */
export interface PayloadTags {
  readonly text: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, boolean>>;
  /** Not every leaf that might be read is there: there are too many. */
  readonly isCut: boolean;
}

type Leaf = readonly [pointer: string, value: Scalar];

/**
 * Members and items of a payload that are looked at where a policy names what it reads by what is in
 * the question. Each leaf costs Cedar some 10 µs, in which nobody else is served.
 */
export const MAX_PARTS = 500;

/** What a policy reads of a payload: the leaves it names, however large the payload is, or all. */
export function tagsOf(payload: JsonValue, reads: PayloadReads): PayloadTags {
  const named = [...reads.pointers].flatMap((pointer): Leaf[] => {
    const value = valueAt(payload, pointer);
    return isScalar(value) ? [[pointer, value]] : [];
  });
  const { leaves, isCut } = reads.any ? leavesOf(payload) : NOTHING;
  return { ...sort([...named, ...leaves]), isCut };
}

const NOTHING = { leaves: [], isCut: false };

function sort(leaves: readonly Leaf[]): Omit<PayloadTags, "isCut"> {
  return {
    text: Object.fromEntries(leaves.map(([pointer, value]) => [pointer, String(value)])),
    numbers: pick(leaves, (value): value is number => Number.isSafeInteger(value)),
    flags: pick(leaves, (value) => typeof value === "boolean"),
  };
}

function pick<Kind extends Scalar>(
  leaves: readonly Leaf[],
  is: (value: Scalar) => value is Kind,
): Readonly<Record<string, Kind>> {
  return Object.fromEntries(
    leaves.flatMap(([pointer, value]) => (is(value) ? [[pointer, value]] : [])),
  );
}

/** Own members only, and list items by the number they are written with in RFC 6901 §4. */
function valueAt(payload: JsonValue, pointer: string): unknown {
  if (pointer !== "" && !pointer.startsWith("/")) return undefined;
  return parsePointer(pointer).reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(step)) return undefined;
    return Reflect.get(value, step);
  }, payload);
}

/** Every leaf of what is not too large. Without recursion: nobody bounds how deep it goes. */
function leavesOf(payload: JsonValue): { readonly leaves: Leaf[]; readonly isCut: boolean } {
  const leaves: Leaf[] = [];
  const left: (readonly [pointer: string, value: JsonValue])[] = [["", payload]];
  for (let seen = 0; left.length > 0; seen += 1) {
    if (seen + left.length > MAX_PARTS) return { leaves, isCut: true };
    const [pointer, value] = left.pop() ?? ["", null];
    if (isScalar(value)) {
      leaves.push([pointer, value]);
      continue;
    }
    for (const [name, child] of Object.entries(value)) {
      left.push([`${pointer}/${escapePointerSegment(name)}`, child]);
    }
  }
  return { leaves, isCut: false };
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
