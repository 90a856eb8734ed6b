import type { WireDecision, WireEvent, WireList, WireRequest } from "@holdpoint/protocol";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** What a list is narrowed to. Empty text means no filter. */
export interface RequestFilters {
  readonly status?: string;
  readonly service?: string;
  readonly action?: string;
  readonly role?: string;
  readonly search?: string;
}

const PAGE_SIZE = 50;

/** Requests in pages, with payloads: most urgent first (`triage`) or newest first. */
export function requestsQuery(
  projectId: string,
  order: "triage" | "newest",
  filters: RequestFilters,
) {
  return infiniteQueryOptions({
    queryKey: ["requests", projectId, "list", order, filters],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireRequest>>(
        `/v1/requests${queryText({ ...filters, order, include: "payload", limit: PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function requestQuery(projectId: string, requestId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "one", requestId],
    queryFn: ({ signal }) =>
      callServer<WireRequest>(`/v1/requests/${encodeURIComponent(requestId)}`, {
        projectId,
        signal,
      }),
  });
}

export function requestEventsQuery(projectId: string, requestId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "events", requestId],
    queryFn: ({ signal }) =>
      callServer<WireList<WireEvent>>(`/v1/requests/${encodeURIComponent(requestId)}/events`, {
        projectId,
        signal,
      }),
  });
}

/** Decides a request. The revision in `decision` is the one the person has seen. */
export function sendDecision(
  projectId: string,
  requestId: string,
  decision: WireDecision,
): Promise<WireRequest> {
  return callServer<WireRequest>(`/v1/requests/${encodeURIComponent(requestId)}/decision`, {
    method: "POST",
    projectId,
    body: decision,
  });
}
