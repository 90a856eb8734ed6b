import { expect, test } from "vitest";
import { NotPaidError } from "../../index.js";
import type { Purchase } from "../purchase.js";
import { requireWhole } from "./reserve.js";

function purchase(approvedAmount?: string): Purchase {
  return { amount: "0.100000", ...(approvedAmount && { approvedAmount }) } as Purchase;
}

test("[G8] what is approved for less, or for nothing, is not signed", () => {
  expect(() => requireWhole(purchase("0.100000"))).not.toThrow();
  expect(() => requireWhole(purchase("0.099999"))).toThrow(NotPaidError);
  expect(() => requireWhole(purchase())).toThrow(NotPaidError);
});
