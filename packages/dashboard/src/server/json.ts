import { isSafeNumber, LosslessNumber, parse, stringify } from "lossless-json";

/**
 * Parses JSON without rounding: a number that JavaScript cannot hold exactly stays a
 * `LosslessNumber` with its digits as sent.
 */
export function parseJson(text: string): unknown {
  return parse(text, undefined, {
    parseNumber: (digits: string) =>
      isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits),
  });
}

/** Writes any value {@link parseJson} gave, digits as sent. */
export function formatJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? "";
}

/**
 * Tells whether a value holds a number that an edit could silently change: one kept as digits, or
 * an integer beyond 2^53 that some parser has already made a float.
 */
export function hasInexactNumber(value: unknown): boolean {
  if (value instanceof LosslessNumber) return true;
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasInexactNumber);
}
