import { describe, expect, it } from "vitest";
import { plainAmount, readAmount } from "./read.js";

describe("readAmount", () => {
  it("reads a point everywhere, and a comma where it is the decimal mark", () => {
    expect(readAmount(" 12.50 ", "EUR", "en-US")).toEqual({ ok: true, minor: 1_250n });
    expect(readAmount("12.50", "EUR", "de-DE")).toEqual({ ok: true, minor: 1_250n });
    expect(readAmount("12,50", "EUR", "de-DE")).toEqual({ ok: true, minor: 1_250n });
    expect(readAmount("1,234", "USDC", "de-DE")).toEqual({ ok: true, minor: 1_234_000n });
  });

  it.each(["1,234", "1,234.50", "-5", "1e3", "", "€5", "NaN"])(
    "refuses %j rather than guess",
    (text) => {
      expect(readAmount(text, "EUR", "en-US")).toMatchObject({ ok: false });
    },
  );

  it("refuses separators of thousands in German too", () => {
    expect(readAmount("1.234,50", "EUR", "de-DE")).toMatchObject({ ok: false });
    expect(readAmount("1.234", "EUR", "de-DE")).toMatchObject({ ok: false });
  });

  it("says how many decimals there may be", () => {
    const read = readAmount("1.5", "JPY", "en-US");
    expect(read.ok ? "" : read.fault).toContain("0 decimals");
  });
});

describe("plainAmount", () => {
  it("leaves alone what it cannot read", () => {
    expect(plainAmount("about 5", "de-DE")).toBe("about 5");
    expect(plainAmount("1,5", "en-US")).toBe("1,5");
  });
});
