import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, digestJson, isJsonObject } from "./json.js";

interface Vectors {
  readonly texts: readonly {
    readonly name: string;
    readonly input: string;
    readonly output: string;
  }[];
  readonly numbers: readonly { readonly bits: string; readonly output: string | null }[];
}
const file = new URL("../vectors/canonical-json.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("canonicalJson", () => {
  test.each(vectors.texts)("RFC 8785: $name", ({ input, output }) => {
    expect(canonicalJson(JSON.parse(input))).toBe(output);
  });

  test.each(vectors.numbers)("RFC 8785 appendix B: $bits", ({ bits, output }) => {
    const number = Buffer.from(bits, "hex").readDoubleBE();
    if (output === null) expect(() => canonicalJson(number)).toThrow(TypeError);
    else expect(canonicalJson(number)).toBe(output);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  test.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["a bigint", 1n],
    ["NaN inside", { a: [Number.NaN] }],
    ["a cycle", cycle],
    ["half a surrogate pair", { a: "\ud83d" }],
    ["half a surrogate pair in a key", { "\ude00": 1 }],
    ["half a surrogate pair after a backslash", "\\\ud800"],
  ])("refuses %s with a TypeError", (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test.each([["\\ud800"], ["\\\\ud800"], ["😀"], ["\\😀\\"]])(
    "takes the well-formed text %j",
    (text) => {
      expect(JSON.parse(canonicalJson(text))).toBe(text);
    },
  );

  test("keeps keys named like members of Object.prototype", () => {
    const value: unknown = JSON.parse('{"toString":1,"__proto__":{"a":1},"constructor":null}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"constructor":null,"toString":1}');
  });

  test("says the same whatever the order of keys, and loses nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("digestJson", () => {
  test("is SHA-256 of the canonical text", async () => {
    expect(await digestJson({ b: 1, a: 2 })).toBe(
      "d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772",
    );
    expect(await digestJson({ a: 2, b: 1 })).toBe(await digestJson({ b: 1, a: 2 }));
  });
});

test.each([
  [{}, true],
  [[], false],
  [null, false],
  ["{}", false],
  [undefined, false],
])("isJsonObject(%j) is %s", (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
