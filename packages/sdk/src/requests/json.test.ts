import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ValidationError } from "../errors/validation.js";
import { toJson } from "./json.js";

const MAX_BYTES = 1_000;
const copy = (value: unknown) => toJson("payload", value, MAX_BYTES);

describe("toJson", () => {
  test("what it lets pass arrives as it was asked", () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        let json: unknown;
        try {
          json = toJson("payload", value, 1_000_000);
        } catch (error) {
          expect(error).toBeInstanceOf(ValidationError);
          return;
        }
        expect(JSON.parse(JSON.stringify(json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("every JSON value passes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        expect(JSON.stringify(toJson("payload", value, 1_000_000))).toBe(JSON.stringify(value));
      }),
    );
  });

  test("absent members are left out, own `__proto__` is kept as data", () => {
    expect(copy({ a: 1, b: undefined })).toEqual({ a: 1 });
    const hostile = JSON.parse('{"__proto__":{"admin":true}}') as object;
    expect(JSON.stringify(copy(hostile))).toBe('{"__proto__":{"admin":true}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    ["nothing", undefined, "/payload"],
    ["a Map, which would arrive as {}", { to: new Map([["a", 1]]) }, "/payload/to"],
    ["a Set", new Set([1]), "/payload"],
    ["a Date, which would come back as a text", { when: new Date(0) }, "/payload/when"],
    ["an instance of a class", new (class Refund {})(), "/payload"],
    ["bytes", { data: new Uint8Array(2) }, "/payload/data"],
    ["a function", { run: () => 1 }, "/payload/run"],
    ["a symbol", [Symbol("s")], "/payload/0"],
    ["a bigint", { amount: 1n }, "/payload/amount"],
    ["NaN", { amount: Number.NaN }, "/payload/amount"],
    ["infinity", [1, Number.POSITIVE_INFINITY], "/payload/1"],
    ["a hole in an array", [1, undefined, 3], "/payload/1"],
    ["half a surrogate pair", { "a/b~": "\ud800" }, "/payload/a~1b~0"],
  ])("refuses %s", (_name, value, path) => {
    const error = catchError(() => copy(value));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "VALIDATION_FAILED", issues: [{ path }] });
  });

  test("refuses cycles and what is nested too deep", () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    expect(catchError(() => copy(cycle))).toMatchObject({ code: "VALIDATION_FAILED" });
    const nest = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;
    expect(() => copy(nest(64))).not.toThrow();
    expect(catchError(() => copy(nest(65)))).toMatchObject({ code: "VALIDATION_FAILED" });
  });

  test("counts bytes of UTF-8, not characters", () => {
    expect(() => copy("é".repeat(499))).not.toThrow();
    expect(catchError(() => copy("é".repeat(500)))).toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });

  test("repeats no value in its message", () => {
    const error = catchError(() => copy({ secret: "hunter2", amount: 5n }));
    expect((error as Error).message).not.toContain("hunter2");
  });
});

function catchError(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
