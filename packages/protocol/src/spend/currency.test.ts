import { data as published } from "currency-codes";
import { expect, test } from "vitest";
import { currencyDecimals, listCurrencies, STABLECOINS } from "./currency.js";

/** What ISO 4217 calls "no currency involved". */
const NO_CURRENCY = "X".repeat(3);

/** Codes of the published list that nobody pays with, or not any more. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "funds and units of account": ["BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"],
  "units that central banks count in": ["XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA"],
  "metals, which have no minor unit": ["XAG", "XAU", "XPD", "XPT"],
  "no currency, and the code for tests": ["XTS", NO_CURRENCY],
  // The package holds the list of 2024-06-25; these went afterwards.
  "replaced by XCG in 2025": ["ANG"],
  "replaced by the euro in 2026": ["BGN"],
  "withdrawn in 2021, when Cuba unified its money": ["CUC"],
  "the second code of the bolívar, for records; prices are in VES": ["VED"],
};

/** Codes that the package does not know yet: the Caribbean guilder, since 2025-03-31. */
const ADDED_SINCE = [["XCG", 2]] as const;

test("[P-SPEND-UNITS] every other currency of ISO 4217 is known with its decimals", () => {
  const leftOut = new Set(Object.values(LEFT_OUT).flat());
  const expected = published
    .filter(({ code }) => !leftOut.has(code))
    .map(({ code, digits }) => [code, digits]);
  const known = listCurrencies()
    .filter((code) => !STABLECOINS.some((coin) => coin === code))
    .map((code) => [code, currencyDecimals(code)]);
  expect(known).toEqual([...expected, ...ADDED_SINCE].sort());
  expect(published.map(({ code }) => code)).toEqual(expect.arrayContaining([...leftOut]));
});

test("stablecoins count to six decimals", () => {
  expect(STABLECOINS.map(currencyDecimals)).toEqual(STABLECOINS.map(() => 6));
});

test.each(["eur", "EURO", "", "XTS", "BTC", "__proto__", "constructor"])(
  "does not know %j",
  (code) => {
    expect(currencyDecimals(code)).toBeUndefined();
  },
);
