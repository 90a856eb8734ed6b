import {
  escapePointerSegment,
  type JsonValue,
  LIMITS,
  type ValidationIssue,
} from "@holdpoint/protocol";
import { ValidationError } from "../errors/validation.js";

const encoder = new TextEncoder();

/**
 * Copies a value as the JSON that will travel, refusing whatever JSON would change on the way:
 * a `Map` would reach the approver as `{}`, a `Date` come back as a text. Absent members
 * (`undefined`) are left out.
 *
 * @throws {ValidationError} `VALIDATION_FAILED` with one issue, or `PAYLOAD_TOO_LARGE`.
 */
export function toJson(name: string, value: unknown, maxBytes: number): JsonValue {
  const json = copy(value, "", LIMITS.jsonDepth, name);
  const bytes = encoder.encode(JSON.stringify(json)).length;
  if (bytes <= maxBytes) return json;
  throw new ValidationError({
    code: name === "payload" ? "PAYLOAD_TOO_LARGE" : "VALIDATION_FAILED",
    message: `Expected ${name} of at most ${maxBytes} bytes as JSON, got ${bytes}. Send a reference to the large part instead.`,
  });
}

function copy(value: unknown, path: string, levels: number, name: string): JsonValue {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return wellFormed(value, path, name);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object") throw notJson(name, path, kindOf(value));
  if (levels === 0) throw notJson(name, path, `more than ${LIMITS.jsonDepth} levels of nesting`);
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => copy(item, `${path}/${index}`, levels - 1, name));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // By shape, not identity: objects from another realm have another Object.prototype.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) throw notJson(name, path, kindOf(value));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      wellFormed(key, path, name),
      copy(item, `${path}/${escapePointerSegment(key)}`, levels - 1, name),
    ]),
  );
}

/** Half a surrogate pair has no UTF-8: it would arrive as another text than was asked. */
function wellFormed(text: string, path: string, name: string): string {
  if (/\p{Surrogate}/u.test(text)) throw notJson(name, path, "half a surrogate pair");
  return text;
}

function kindOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "object"
    ? Object.prototype.toString.call(value).slice(8, -1)
    : typeof value;
}

function notJson(name: string, path: string, got: string): ValidationError {
  const issue: ValidationIssue = { path: `/${name}${path}`, message: `Expected JSON, got ${got}.` };
  return new ValidationError({
    code: "VALIDATION_FAILED",
    message: `Expected ${name} as plain JSON, got ${got} at ${issue.path}. Send a time as an ISO 8601 text.`,
    issues: [issue],
  });
}
