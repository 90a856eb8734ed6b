// biome-ignore-all lint/complexity/noThisInStatic: each subclass inherits the statics and means itself
import type { ErrorCode, ValidationIssue } from "@holdpoint/protocol";
import { documentationUrl, ERROR_CODES } from "@holdpoint/protocol/core";

/** Shared by every copy of this package in a program, so that errors are known across copies. */
const BRAND = Symbol.for("holdpoint.error");

export interface HoldpointErrorDetails {
  readonly code: ErrorCode;
  /** What was expected, what came, what to do. Never a secret or a payload. */
  readonly message: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly issues?: readonly ValidationIssue[] | undefined;
  readonly cause?: unknown;
}

/**
 * The root of everything this package throws (an abort excepted: that rethrows `signal.reason`).
 *
 * `instanceof` and {@link HoldpointError.isInstance} recognise errors of another copy of the
 * package too.
 */
export class HoldpointError extends Error {
  /** The class's name, safe from minifiers. */
  static readonly kind: string = "HoldpointError";

  /** Stable and public; the whole list is in the error reference. */
  readonly code: ErrorCode;
  /** HTTP status of the answer; absent when there was none. */
  readonly status?: number;
  /** True when the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds the control plane asks to wait before the next try. */
  readonly retryAfterMs?: number;
  /** The request (`req_…`) this is about, where known. */
  readonly requestId?: string;
  /** Names the failed call in the control plane's log. */
  readonly traceId?: string;
  readonly documentationUrl: string;

  constructor(details: HoldpointErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    const { code, status, retryAfterMs, requestId, traceId } = details;
    this.name = new.target.kind;
    this.code = code;
    this.retryable = ERROR_CODES[code].retryable;
    this.documentationUrl = documentationUrl(code);
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (requestId !== undefined) this.requestId = requestId;
    if (traceId !== undefined) this.traceId = traceId;
    Object.defineProperty(this, BRAND, { value: lineageOf(new.target) });
  }

  /** Tells whether `value` is an error of this class, from this or another copy of the package. */
  static isInstance<Class extends abstract new (...input: never) => HoldpointError>(
    this: Class,
    value: unknown,
  ): value is InstanceType<Class> {
    return value instanceof this;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass made by somebody else has no brand of its own: only its prototype tells.
    if (!Object.hasOwn(this, "kind")) {
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, BRAND)) return false;
    const lineage: unknown = (value as { [BRAND]?: unknown })[BRAND];
    return Array.isArray(lineage) && lineage.includes(this.kind);
  }
}

function lineageOf(errorClass: typeof HoldpointError): readonly string[] {
  const lineage: string[] = [];
  let current: unknown = errorClass;
  while (typeof current === "function" && current !== Error) {
    if (Object.hasOwn(current, "kind")) lineage.push((current as typeof HoldpointError).kind);
    current = Object.getPrototypeOf(current);
  }
  return lineage;
}
