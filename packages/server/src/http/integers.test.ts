import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { losesDigits } from "./integers.js";

describe("integers that lose digits", () => {
  it.each([
    "9007199254740993",
    '{"amount": 12345678901234567890}',
    "[1, -9007199254740993]",
    `{"deep": [{"id": 1${"0".repeat(22)}1}]}`,
    '{"quoted \\" 1": 9007199254740993}',
  ])("finds one in %s", (text) => {
    expect(losesDigits(text)).toBe(true);
  });

  it.each([
    "9007199254740991",
    "9007199254740992",
    "12345678901234567000",
    '"9007199254740993"',
    '{"9007199254740993": "\\"9007199254740993"}',
    "0.12345678901234567",
    "1.2345678901234567e30",
    "12345678901234567e3",
  ])("finds none in %s", (text) => {
    expect(losesDigits(text)).toBe(false);
  });

  it("refuses nothing that JSON.stringify wrote", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => JSON.parse(text)),
          fc.double(),
        ),
        (value) => {
          expect(losesDigits(JSON.stringify(value))).toBe(false);
        },
      ),
    );
  });

  it("finds every big integer that does not come back", () => {
    fc.assert(
      fc.property(fc.bigInt(), (integer) => {
        const text = String(integer);
        const isKept = BigInt(Number(text)) === integer || String(Number(text)) === text;
        expect(losesDigits(`[${text}]`)).toBe(!isKept);
      }),
    );
  });
});
