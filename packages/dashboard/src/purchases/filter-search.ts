import { LIMITS } from "@holdpoint/protocol";
import { PURCHASE_STATUSES } from "@holdpoint/protocol/spend";
import type { PurchaseFilters } from "./queries.js";

/** Reads filters out of the address bar; what is not a filter is dropped. */
export function readPurchaseFilters(search: Readonly<Record<string, unknown>>): PurchaseFilters {
  const filters: Record<string, string> = {};
  const statuses: readonly unknown[] = PURCHASE_STATUSES;
  if (statuses.includes(search.status)) filters.status = search.status as string;
  for (const name of ["category", "currency", "agent_id"] as const) {
    const value = search[name];
    if (typeof value === "string" && value !== "")
      filters[name] = value.slice(0, LIMITS.categoryLength);
  }
  return filters;
}
