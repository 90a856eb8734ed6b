import type { WireList } from "@holdpoint/protocol";
import type {
  WireBudget,
  WireBurnDown,
  WireLedgerEntry,
  WireSetBudget,
} from "@holdpoint/protocol/spend";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** Under the key of the project's requests, so that a purchase brings them up to date, live. */
const keyOf = (projectId: string) => ["requests", projectId, "budgets"] as const;

/** Every budget of the project, and those its organisation and its agents have. */
export function budgetsQuery(projectId: string) {
  return queryOptions({
    queryKey: keyOf(projectId),
    queryFn: ({ signal }) => callServer<WireList<WireBudget>>("/v1/budgets", { projectId, signal }),
  });
}

export function burnDownQuery(projectId: string, budgetId: string, days: number) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "burn-down", budgetId, days],
    queryFn: ({ signal }) =>
      callServer<WireBurnDown>(`${pathOf(budgetId)}/burn-down${queryText({ days })}`, {
        projectId,
        signal,
      }),
  });
}

/** About as many lines as the chart beside them is high. */
const LEDGER_PAGE_SIZE = 6;

/** The ledger of a budget, newest first. */
export function ledgerQuery(projectId: string, budgetId: string) {
  return infiniteQueryOptions({
    queryKey: [...keyOf(projectId), "entries", budgetId],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireLedgerEntry>>(
        `${pathOf(budgetId)}/entries${queryText({ limit: LEDGER_PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Sets a budget in all; `amount_minor: null` takes it away. */
export function setBudget(projectId: string, body: WireSetBudget): Promise<WireBudget> {
  return callServer("/v1/budgets", { method: "PUT", projectId, body });
}

function pathOf(budgetId: string): string {
  return `/v1/budgets/${encodeURIComponent(budgetId)}`;
}
