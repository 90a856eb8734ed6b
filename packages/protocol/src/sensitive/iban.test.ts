import { countrySpecs } from "ibantools";
import { expect, test } from "vitest";
import { hasIban } from "./iban.js";

/** With check digits as they have to be; the account is all zeros. */
function ibanOf(country: string, length: number): string {
  const account = "0".repeat(length - 4);
  const digits = [...`${account}${country}00`].map((each) => Number.parseInt(each, 36)).join("");
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, "0")}${account}`;
}

/** Theirs begin with the letters of Finland and of France. */
const OVERSEAS = ["AX", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"];

test("knows the countries of the registry, and how long their IBANs are", () => {
  const registered = Object.entries(countrySpecs).flatMap(([country, { chars, IBANRegistry }]) =>
    IBANRegistry && chars && !OVERSEAS.includes(country) ? [[country, chars] as const] : [],
  );
  expect(registered.length).toBeGreaterThan(75);
  for (const [country, length] of registered) {
    expect(hasIban(ibanOf(country, length)), country).toBe(true);
    expect(hasIban(ibanOf(country, length + 1)), country).toBe(false);
    expect(hasIban(ibanOf(country, length - 1)), country).toBe(false);
  }
});
