import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canExecutionTransition,
  canTransition,
  EXECUTION_STATUSES,
  isApprovedStatus,
  isFinalStatus,
  isRequestStatus,
  REQUEST_STATUSES,
} from "./status.js";

describe("a request's status", () => {
  test("[G1] is final once it has left PENDING", () => {
    for (const from of REQUEST_STATUSES) {
      const next = REQUEST_STATUSES.filter((to) => canTransition(from, to));
      expect(isFinalStatus(from)).toBe(from !== "PENDING");
      expect(next.length === 0).toBe(isFinalStatus(from));
      expect(next).not.toContain("PENDING");
    }
  });

  test("[G4] counts as approval in two cases only", () => {
    expect(REQUEST_STATUSES.filter(isApprovedStatus)).toEqual([
      "APPROVED",
      "APPROVED_WITH_MODIFICATIONS",
    ]);
  });

  test("[G4] is recognised by its exact name only", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isRequestStatus(value)).toBe(REQUEST_STATUSES.some((status) => status === value));
      }),
    );
    for (const value of ["approved", " APPROVED", "toString", "", null, ["APPROVED"]]) {
      expect(isRequestStatus(value)).toBe(false);
    }
  });
});

test("an execution settles once; only an unknown outcome can still be cleared up", () => {
  for (const from of EXECUTION_STATUSES) {
    const next = EXECUTION_STATUSES.filter((to) => canExecutionTransition(from, to));
    const settled = from === "COMMITTED" || from === "FAILED";
    expect(next.length === 0).toBe(settled);
    expect(next).not.toContain("NONE");
    expect(next.includes("CLAIMED")).toBe(from === "NONE" || from === "OUTCOME_UNKNOWN");
  }
});
