import { describe, expect, it } from "vitest";
import { formatJson, hasInexactNumber, parseJson } from "./json.js";

describe("parseJson", () => {
  it.each([
    '{"amount":12345678901234567890}',
    '{"rate":0.123456789012345678901}',
    '{"deep":[{"id":9007199254740993}]}',
  ])("keeps the digits of %s", (text) => {
    const value = parseJson(text);
    expect(hasInexactNumber(value)).toBe(true);
    expect(formatJson(value)).toBe(text);
  });

  it("gives plain numbers wherever they are exact", () => {
    const value = parseJson('{"a":1,"b":0.1,"c":-3,"d":9007199254740991,"e":1.50}');
    expect(value).toEqual({ a: 1, b: 0.1, c: -3, d: 9_007_199_254_740_991, e: 1.5 });
    expect(hasInexactNumber(value)).toBe(false);
  });

  it("takes no prototype from the text", () => {
    const value = parseJson('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(value.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

it("distrusts an integer that some parser has made a float", () => {
  expect(hasInexactNumber({ id: 12_345_678_901_234_567_000 })).toBe(true);
});
