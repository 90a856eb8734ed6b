import type { JsonValue } from "@holdpoint/protocol";
import type { WirePurchase } from "@holdpoint/protocol/spend";
import { expect, it } from "vitest";
import { afterLowering, findRaise } from "./lowering.js";

const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
const purchase = { amount: eur(12_000), budget_remaining: eur(500) } as WirePurchase;
const edited = (patch: JsonValue) =>
  ({ kind: "edited", label: "", patch, diff: { changes: [] } }) as never;

it("adds what is given back to what is left", () => {
  expect(afterLowering(purchase, edited({ amount: "80.00" }))).toEqual({
    amount: eur(8_000),
    left: eur(4_500),
  });
  const unlimited = { ...purchase, budget_remaining: null };
  expect(afterLowering(unlimited, edited({ amount: "80.00" }))?.left).toBeNull();
});

it("says nothing of what is no lower amount", () => {
  for (const amount of ["120.00", "150.00", "80.001", "eighty", 80, null]) {
    expect(afterLowering(purchase, edited({ amount }))).toBeUndefined();
  }
  expect(afterLowering(purchase, { kind: "as-sent", label: "" })).toBeUndefined();
  expect(afterLowering(purchase, undefined)).toBeUndefined();
});

it("findRaise refuses nothing and more than was asked for", () => {
  const asked = { amount: "120.00", currency: "EUR" };
  const paths = (amount: JsonValue) =>
    findRaise(asked, { ...asked, amount }).map(({ path }) => path);
  for (const amount of ["120.01", "0", "0.00", "1000"]) expect(paths(amount)).toEqual(["/amount"]);
  // What is no amount, the schema refuses.
  for (const amount of ["120.00", "119.99", "0.01", "many"]) expect(paths(amount)).toEqual([]);
});
