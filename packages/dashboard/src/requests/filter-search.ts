import type { WireRequest } from "@holdpoint/protocol";
import { isRequestStatus, LIMITS } from "@holdpoint/protocol";
import type { RequestFilters } from "./queries.js";

/** Reads filters out of the address bar; what is not a filter is dropped. */
export function readFilters(search: Readonly<Record<string, unknown>>): RequestFilters {
  const filters: Record<string, string> = {};
  if (isRequestStatus(search.status)) filters.status = search.status;
  for (const name of ["service", "action", "role", "search"] as const) {
    // The router reads `?search=42` as a number.
    const value = search[name];
    const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
    if (text !== "") filters[name] = text.slice(0, LIMITS.actionLength);
  }
  return filters;
}

/** The services, actions and roles among some requests, each once, in order. */
export function seenValues(
  requests: readonly WireRequest[],
): Readonly<Record<"service" | "action" | "role", readonly string[]>> {
  const distinct = (values: readonly (string | undefined)[]) =>
    [...new Set(values.filter((value) => value !== undefined))].sort();
  return {
    service: distinct(requests.map(({ service }) => service)),
    action: distinct(requests.map(({ action }) => action)),
    role: distinct(requests.map(({ role }) => role)),
  };
}
