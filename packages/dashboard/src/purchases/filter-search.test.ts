import { expect, it } from "vitest";
import { readPurchaseFilters } from "./filter-search.js";

it("takes filters from the address and drops the rest", () => {
  const search = { status: "pending", category: "cloud", agent_id: "agt_1", cursor: "x", limit: 5 };
  expect(readPurchaseFilters(search)).toEqual({
    status: "pending",
    category: "cloud",
    agent_id: "agt_1",
  });
  expect(readPurchaseFilters({ status: "PENDING", category: "", currency: 7 })).toEqual({});
});
