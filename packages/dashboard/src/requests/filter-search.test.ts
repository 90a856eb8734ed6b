import type { WireRequest } from "@holdpoint/protocol";
import { expect, it } from "vitest";
import { readFilters, seenValues } from "./filter-search.js";

it("keeps filters and drops everything else", () => {
  const search = { status: "REJECTED", service: "stripe", search: 42, role: "", evil: "x" };
  expect(readFilters(search)).toEqual({ status: "REJECTED", service: "stripe", search: "42" });
});

it("drops a status that does not exist", () => {
  expect(readFilters({ status: "toString" })).toEqual({});
});

it("offers each value once, in order", () => {
  const requests = [
    { service: "b", action: "x", role: "finance" },
    { service: "a", action: "x" },
  ] as WireRequest[];
  expect(seenValues(requests)).toEqual({ service: ["a", "b"], action: ["x"], role: ["finance"] });
});
