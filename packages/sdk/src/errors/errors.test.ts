import { ERROR_CODES, type ErrorCode } from "@holdpoint/protocol";
import { describe, expect, test, vi } from "vitest";
import * as sdk from "../index.js";
import { errorFromResponse } from "./from-response.js";

const { AlreadyDecidedError, ConflictError, ConnectionError, HoldpointError, ValidationError } =
  sdk;
const BRAND = Symbol.for("holdpoint.error");
const conflict = () => new AlreadyDecidedError({ code: "ALREADY_DECIDED", message: "Too late." });

const classes = Object.values(sdk).filter(
  (value): value is typeof HoldpointError =>
    typeof value === "function" && value.prototype instanceof Error,
);

describe("every exported error", () => {
  test.each(classes.map((Class) => [Class.name, Class] as const))(
    "%s is branded",
    (name, Class) => {
      const error = new Class({ code: "INTERNAL", message: "m" });
      expect(Object.hasOwn(error, BRAND)).toBe(true);
      expect(Object.hasOwn(Class, "kind") && Class.kind).toBe(name);
      expect(error.name).toBe(name);
      expect(error).toBeInstanceOf(Class);
      expect(error).toBeInstanceOf(HoldpointError);
      expect(Class.isInstance(error)).toBe(true);
    },
  );

  test("there are some", () => expect(classes.length).toBeGreaterThan(10));
});

describe("HoldpointError", () => {
  test("carries what is known and nothing else", () => {
    const cause = new Error("cause");
    const full = new HoldpointError({
      code: "RATE_LIMITED",
      message: "m",
      status: 429,
      retryAfterMs: 1_000,
      requestId: "req_x",
      traceId: "t",
      cause,
    });
    expect({ ...full }).toEqual({
      name: "HoldpointError",
      code: "RATE_LIMITED",
      status: 429,
      retryable: true,
      retryAfterMs: 1_000,
      requestId: "req_x",
      traceId: "t",
      documentationUrl: expect.stringContaining("rate_limited"),
    });
    expect(full.cause).toBe(cause);
    const bare = new HoldpointError({ code: "INTERNAL", message: "m" });
    expect("cause" in bare).toBe(false);
    expect(bare.status).toBeUndefined();
  });

  test("is known across two copies of the package, by class", async () => {
    vi.resetModules();
    const other: typeof sdk = await import("../index.js");
    expect(other.HoldpointError).not.toBe(HoldpointError);
    const error = conflict();
    expect(error).toBeInstanceOf(other.ConflictError);
    expect(other.HoldpointError.isInstance(error)).toBe(true);
    expect(error).not.toBeInstanceOf(other.ValidationError);
  });

  test("siblings and bases are told apart", () => {
    expect(conflict()).toBeInstanceOf(ConflictError);
    expect(conflict()).not.toBeInstanceOf(ConnectionError);
    expect(new ConflictError({ code: "RESOURCE_CONFLICT", message: "m" })).not.toBeInstanceOf(
      AlreadyDecidedError,
    );
  });

  test("a class made by somebody else keeps its own identity", () => {
    class OwnError extends HoldpointError {}
    const own = new OwnError({ code: "INTERNAL", message: "m" });
    expect(own).toBeInstanceOf(OwnError);
    expect(own).toBeInstanceOf(HoldpointError);
    expect(conflict()).not.toBeInstanceOf(OwnError);
  });

  test.each([
    [null],
    [undefined],
    ["HoldpointError"],
    [new Error("plain")],
    [{ name: "HoldpointError", code: "INTERNAL" }],
    [Object.create(conflict())],
    [{ [BRAND]: "HoldpointError" }],
  ])("%s is none", (value) => {
    expect(HoldpointError.isInstance(value)).toBe(false);
  });
});

describe("errorFromResponse", () => {
  const expected: Record<string, typeof HoldpointError> = {
    400: ValidationError,
    401: sdk.AuthenticationError,
    403: sdk.PermissionDeniedError,
    404: sdk.NotFoundError,
    405: sdk.NotFoundError,
    409: ConflictError,
    413: ValidationError,
    415: ValidationError,
    422: ValidationError,
    429: sdk.RateLimitError,
    500: sdk.UnavailableError,
    503: sdk.UnavailableError,
  };
  const wireCodes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter(
    (code) => ERROR_CODES[code].status !== null,
  );

  test.each(wireCodes)("%s becomes its class, with all it carried", (code) => {
    const { status, retryable } = ERROR_CODES[code];
    const issues = [{ path: "/amount", message: "Expected a number." }];
    const body = { type: "t", title: "T", status, detail: "D.", code, trace_id: "t1", issues };
    const error = errorFromResponse({
      status: Number(status),
      body,
      retryAfterMs: 5,
      requestId: "r",
    });
    expect(error).toBeInstanceOf(
      code === "IDEMPOTENCY_CONFLICT" ? ConflictError : expected[String(status)],
    );
    expect(error).toMatchObject({
      code,
      status,
      retryable,
      retryAfterMs: 5,
      traceId: "t1",
      requestId: "r",
    });
    expect(error.message).toBe("T: D. /amount: Expected a number.");
  });

  test.each([
    [400, "VALIDATION_FAILED"],
    [401, "CREDENTIAL_INVALID"],
    [403, "PERMISSION_DENIED"],
    [404, "RESOURCE_NOT_FOUND"],
    [410, "RESOURCE_NOT_FOUND"],
    [418, "RESPONSE_INVALID"],
    [429, "RATE_LIMITED"],
    [500, "UNAVAILABLE"],
    [502, "UNAVAILABLE"],
    [599, "UNAVAILABLE"],
  ])("HTTP %i from something in between becomes %s", (status, code) => {
    for (const body of [undefined, { code: "SOMETHING_NEW", detail: "d" }, "text", null]) {
      expect(errorFromResponse({ status, body })).toMatchObject({ code, status });
    }
  });

  test("a code that only a client raises is no error of the wire", () => {
    const body = { type: "t", title: "T", status: 418, detail: "D.", code: "WAIT_TIMEOUT" };
    const error = errorFromResponse({ status: 418, body });
    expect(error).toBeInstanceOf(sdk.InvalidResponseError);
    expect(error).toMatchObject({ code: "RESPONSE_INVALID", retryable: false });
  });

  test("ALREADY_DECIDED says what stands", () => {
    const current = { status: "REJECTED", revision: 2, decided_by: { type: "operator", id: "u" } };
    const body = {
      type: "t",
      title: "T",
      status: 409,
      detail: "D.",
      code: "ALREADY_DECIDED",
      current,
    };
    expect(errorFromResponse({ status: 409, body })).toMatchObject({ current });
  });
});
