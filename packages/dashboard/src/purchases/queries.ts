import type { WireList } from "@holdpoint/protocol";
import type { WirePurchase, WireRefundPurchase } from "@holdpoint/protocol/spend";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** What the list is narrowed to. */
export interface PurchaseFilters {
  readonly status?: string;
  readonly category?: string;
  readonly currency?: string;
  readonly agent_id?: string;
}

const PAGE_SIZE = 50;
/** The most one page may have. The inbox looks up what waits in it. */
const WAITING_LIMIT = 100;

/** Under the key of the project's requests: a purchase is one, and changes with its live events. */
const keyOf = (projectId: string) => ["requests", projectId, "purchases"] as const;

/** Purchases in pages, newest first. */
export function purchasesQuery(projectId: string, filters: PurchaseFilters) {
  return infiniteQueryOptions({
    queryKey: [...keyOf(projectId), "list", filters],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WirePurchase>>(
        `/v1/purchases${queryText({ ...filters, limit: PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What waits for a person: one call for all rows of the inbox. */
export function waitingPurchasesQuery(projectId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "waiting"],
    queryFn: ({ signal }) =>
      callServer<WireList<WirePurchase>>(
        `/v1/purchases${queryText({ status: "pending", limit: WAITING_LIMIT })}`,
        { projectId, signal },
      ),
  });
}

export function purchaseQuery(projectId: string, purchaseId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "one", purchaseId],
    queryFn: ({ signal }) =>
      callServer<WirePurchase>(`/v1/purchases/${encodeURIComponent(purchaseId)}`, {
        projectId,
        signal,
      }),
  });
}

/** Gives money back to the window it was reserved in; once, for its id. */
export function refundPurchase(
  projectId: string,
  purchaseId: string,
  body: WireRefundPurchase,
): Promise<WirePurchase> {
  return callServer(`/v1/purchases/${encodeURIComponent(purchaseId)}/refund`, {
    method: "POST",
    projectId,
    body,
  });
}
