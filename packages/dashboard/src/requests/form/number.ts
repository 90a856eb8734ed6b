import { isSafeNumber } from "lossless-json";

/**
 * Reads a number as a person types it. Text that is no JSON number, or one that JavaScript would
 * round, stays text, so that the schema refuses it instead of somebody approving another amount.
 */
export function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const exact = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) && isSafeNumber(trimmed);
  const value = Number(trimmed);
  if (!exact || (Number.isInteger(value) && !Number.isSafeInteger(value))) return trimmed;
  return value;
}
