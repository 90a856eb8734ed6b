import { expect, test } from "vitest";
import { REQUEST_STATUSES, type RequestStatus } from "../status.js";
import { purchaseStatusOf } from "./status.js";
import { HOLD_STATUSES, type HoldStatus, PURCHASE_STATUSES, type PurchaseStatus } from "./wire.js";

type Row = readonly [
  RequestStatus,
  "policy" | "operator" | "system" | undefined,
  Record<HoldStatus, PurchaseStatus>,
];

const whileOpen = (status: PurchaseStatus): Record<HoldStatus, PurchaseStatus> => ({
  NONE: status,
  HELD: status,
  RELEASED: status,
  EXPIRED: status,
  SETTLED: "completed",
});
const approved = (status: PurchaseStatus): Record<HoldStatus, PurchaseStatus> => ({
  NONE: status,
  HELD: status,
  RELEASED: "failed",
  EXPIRED: "expired",
  SETTLED: "completed",
});

const TABLE: readonly Row[] = [
  ["PENDING", undefined, whileOpen("pending")],
  ["REJECTED", "policy", whileOpen("rejected")],
  ["REJECTED", "operator", whileOpen("rejected")],
  ["EXPIRED", "system", whileOpen("expired")],
  ["CANCELLED", undefined, whileOpen("cancelled")],
  ["APPROVED", "policy", approved("auto_approved")],
  ["APPROVED", "operator", approved("approved")],
  ["APPROVED", undefined, approved("approved")],
  ["APPROVED_WITH_MODIFICATIONS", "operator", approved("approved")],
];

test.each(TABLE)("%s by %s is, by where the money is, %j", (requestStatus, type, expected) => {
  const decidedBy = type && { type, id: "usr_1" };
  const found = HOLD_STATUSES.map((hold) => [
    hold,
    purchaseStatusOf({ requestStatus, decidedBy, hold }),
  ]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

test("the table has every status of a request, and reaches every status of a purchase", () => {
  expect(new Set(TABLE.map(([status]) => status))).toEqual(new Set(REQUEST_STATUSES));
  const reached = TABLE.flatMap(([, , statuses]) => Object.values(statuses));
  expect(new Set(reached)).toEqual(new Set(PURCHASE_STATUSES));
});

test("a status that is not known is none, least of all an approval", () => {
  const requestStatus = "APPROVED_BY_NOBODY" as RequestStatus;
  expect(purchaseStatusOf({ requestStatus, hold: "HELD" })).toBeUndefined();
});
