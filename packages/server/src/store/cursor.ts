import { InvalidCursorError } from "./errors.js";

/** Where a page ends: the order it was read in and the sort key of its last item. */
export type CursorKey = readonly [order: string, ...sortKey: (string | number)[]];

export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/**
 * @param shape - A key of the same order: its types are what the cursor must have.
 * @throws {InvalidCursorError} for anything {@link encodeCursor} has not given in this order.
 */
export function decodeCursor<const Key extends CursorKey>(
  cursor: string,
  shape: Key,
): Widened<Key> {
  const key = parse(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    key[0] === shape[0] &&
    key.every((part, index) => typeof part === typeof shape[index]) &&
    key.every((part) => typeof part === "string" || Number.isSafeInteger(part));
  if (!fits) throw new InvalidCursorError();
  return key as unknown as Widened<Key>;
}

type Widened<Key> = {
  readonly [Index in keyof Key]: Key[Index] extends number ? number : string;
};

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
