import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AmountError, formatAmount, MAX_AMOUNT_MINOR, parseAmount } from "./amount.js";
import { currencyDecimals, listCurrencies } from "./currency.js";

function faultOf(text: string, currency: string): string {
  try {
    return `read as ${parseAmount(text, currency)}`;
  } catch (error) {
    return error instanceof AmountError ? error.fault : `threw ${error}`;
  }
}

const currency = fc.constantFrom(...listCurrencies());
const minor = fc.bigInt({ min: 0n, max: MAX_AMOUNT_MINOR });

describe("[P-SPEND-UNITS] amounts", () => {
  test("of every currency come back as they went", () => {
    fc.assert(
      fc.property(currency, minor, (code, amount) => {
        const text = formatAmount(amount, code);
        expect(parseAmount(text, code)).toBe(amount);
        expect(formatAmount(parseAmount(text, code), code)).toBe(text);
      }),
    );
  });

  test("are the digits of the text, with zeros to fill the decimals and nothing else", () => {
    const whole = fc.nat({ max: 999_999_999 });
    fc.assert(
      fc.property(currency, whole, fc.nat({ max: 6 }), fc.nat(), (code, units, length, rest) => {
        const decimals = currencyDecimals(code) as number;
        const fraction = rest.toString().padStart(length, "0").slice(0, length);
        const text = fraction === "" ? `${units}` : `${units}.${fraction}`;
        const expected =
          fraction.length > decimals
            ? "too_many_decimals"
            : `read as ${BigInt(units + fraction.padEnd(decimals, "0"))}`;
        expect(faultOf(text, code)).toBe(expected);
      }),
    );
  });

  test.each([
    ["12.5", "EUR", 1_250n],
    ["0.01", "EUR", 1n],
    ["1000", "JPY", 1_000n],
    ["0", "EUR", 0n],
    ["1.234", "KWD", 1_234n],
    ["0.000001", "USDC", 1n],
    ["0.004", "USDC", 4_000n],
    ["9999999999999.99", "EUR", MAX_AMOUNT_MINOR],
  ])("reads %s %s", (text, code, amount) => {
    expect(parseAmount(text, code)).toBe(amount);
  });

  test.each<[text: string, code: string, fault: string]>([
    ["1", "EUX", "currency_unknown"],
    ["1", "eur", "currency_unknown"],
    ["0.005", "EUR", "too_many_decimals"],
    ["0.010", "EUR", "too_many_decimals"],
    ["1.0", "JPY", "too_many_decimals"],
    ["0.0000001", "USDC", "too_many_decimals"],
    ["10000000000000.00", "EUR", "too_large"],
    ["9".repeat(10_000), "JPY", "too_large"],
    ...[
      "",
      " ",
      "-1",
      "+1",
      "1e3",
      "1,5",
      "1.",
      ".5",
      "01",
      "00",
      "1 000",
      "0x10",
      "NaN",
      "Infinity",
      "1.2.3",
      "١٢",
      "12.50\n",
      "12.50 EUR",
    ].map((text) => [text, "EUR", "not_decimal"] as [string, string, string]),
  ])("refuses %j in %s as %s", (text, code, fault) => {
    expect(faultOf(text, code)).toBe(fault);
  });

  test("below 0 are written, for a balance may be, and not read", () => {
    expect(formatAmount(-5n, "EUR")).toBe("-0.05");
    expect(formatAmount(-1_250n, "JPY")).toBe("-1250");
    expect(faultOf("-0.05", "EUR")).toBe("not_decimal");
  });

  test("that are refused do not stand in the message", () => {
    expect(() => parseAmount("4111111111111111x", "EUR")).toThrow(/^(?!.*4111)/);
  });
});
