import { describe, expect, it } from "vitest";
import { formatMoney } from "./format.js";

/** Narrow and other spaces of `Intl` as plain ones. */
const plain = (text: string) => text.replaceAll(/\s/g, " ");
const money = (amount_minor: number, currency: string, locale = "en-US") =>
  plain(formatMoney({ amount_minor, currency }, locale));

describe("formatMoney", () => {
  it("writes as the reader does", () => {
    expect(money(123_450, "EUR", "de-DE")).toBe("1.234,50 €");
    expect(money(123_450, "EUR")).toBe("€1,234.50");
    expect(money(123_450, "EUR", "fr-FR")).toBe("1 234,50 €");
  });

  it("has the decimals of the currency, not those of shop windows", () => {
    expect(money(1_234, "JPY")).toBe("¥1,234");
    expect(money(1_234, "KWD")).toBe("KWD 1.234");
    // `Intl` shows none for it.
    expect(money(1_250, "ALL")).toBe("ALL 12.50");
  });

  it("writes stablecoins, which Intl does not know, whole", () => {
    expect(money(12_500_000, "USDC")).toBe("12.50 USDC");
    expect(money(125, "USDC")).toBe("0.000125 USDC");
    expect(money(1_234_000_001, "EURC", "de-DE")).toBe("1.234,000001 EURC");
  });

  it("never rounds the largest amount there is", () => {
    expect(money(999_999_999_999_999, "EUR")).toBe("€9,999,999,999,999.99");
    expect(money(Number.MAX_SAFE_INTEGER, "JPY")).toBe("¥9,007,199,254,740,991");
  });

  it("shows what is below zero", () => {
    expect(money(-1_050, "EUR")).toBe("-€10.50");
  });

  it("gives no unit to a currency it does not know", () => {
    expect(money(1_250, "XQZ")).toBe("1250 × 1 minor unit of XQZ");
  });
});
