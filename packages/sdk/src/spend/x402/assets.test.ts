import { expect, test } from "vitest";
import { findAsset, KNOWN_ASSETS, toMinor } from "./assets.js";

const BASE_USDC = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";

test("a token is known by network and address, not by what it is called", () => {
  const known = (network: string, asset: string) => findAsset(KNOWN_ASSETS, { network, asset });
  expect(known("eip155:8453", BASE_USDC.toLowerCase())?.currency).toBe("USDC");
  expect(known("eip155:1", BASE_USDC)).toBeUndefined();
  expect(known("eip155:8453", "USDC")).toBeUndefined();
});

test("letter case tells addresses apart where it means something", () => {
  const own = [{ network: "solana:main", asset: "EPjFWdd5", currency: "USDC" }];
  expect(findAsset(own, { network: "solana:main", asset: "EPjFWdd5" })).toBe(own[0]);
  expect(findAsset(own, { network: "solana:main", asset: "epjfwdd5" })).toBeUndefined();
});

test("[P-SPEND-UNITS] units count whole, and what is no amount counts as none", () => {
  expect(toMinor("1", {})).toBe(1n);
  expect(toMinor("999999999999999", {})).toBe(999_999_999_999_999n);
  for (const units of ["0", "-1", "01", "1.5", "1e3", " 1", "", "1000000000000000"]) {
    expect(toMinor(units, {})).toBeUndefined();
  }
});

test("[P-SPEND-UNITS] tokens of other decimals count to the last unit, or not at all", () => {
  expect(toMinor("1000000000000", { decimals: 18 })).toBe(1n);
  expect(toMinor("1000000000001", { decimals: 18 })).toBeUndefined();
  expect(toMinor("1", { decimals: 0 })).toBe(1_000_000n);
  expect(toMinor("1000000000", { decimals: 0 })).toBeUndefined();
});
