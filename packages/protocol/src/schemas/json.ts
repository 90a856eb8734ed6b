import { z } from "zod";
import { hasLoneSurrogate, type JsonObject, type JsonValue } from "../json.js";
import { LIMITS } from "../limits.js";

const encoder = new TextEncoder();

/** A JSON value no larger than `maxBytes` as UTF-8 text and nested no deeper than the wire allows. */
export function jsonValue(maxBytes: number): z.ZodType<JsonValue> {
  return z
    .unknown()
    .superRefine((value, context) => {
      if (value === undefined) context.addIssue("Expected a JSON value, got nothing.");
      else checkSize(value, maxBytes, context);
    })
    .transform((value) => value as JsonValue)
    .meta({ description: `Any JSON value up to ${maxBytes} bytes.` });
}

/** The same for a JSON object. */
export function jsonObject(maxBytes: number): z.ZodType<JsonObject> {
  return z
    .record(z.string(), z.unknown())
    .superRefine((value, context) => checkSize(value, maxBytes, context))
    .transform((value) => value as JsonObject);
}

function checkSize(value: unknown, maxBytes: number, context: z.RefinementCtx): void {
  if (isDeeperThan(value, LIMITS.jsonDepth)) {
    context.addIssue(`Expected at most ${LIMITS.jsonDepth} levels of nesting.`);
    return;
  }
  const text = JSON.stringify(value);
  if (hasLoneSurrogate(text)) {
    context.addIssue("Expected well-formed Unicode, got half a surrogate pair.");
    return;
  }
  const bytes = encoder.encode(text).length;
  if (bytes > maxBytes)
    context.addIssue(`Expected at most ${maxBytes} bytes of JSON, got ${bytes}.`);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}
