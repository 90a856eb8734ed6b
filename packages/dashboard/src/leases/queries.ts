import type { WireList } from "@holdpoint/protocol";
import type { WireLease } from "@holdpoint/protocol/gate";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

const PAGE_SIZE = 100;
/** Leases come and go without an event of a request. */
const REFRESH_MS = 15_000;

/** The leases that live, newest first. */
export function leasesQuery(projectId: string) {
  return infiniteQueryOptions({
    queryKey: ["requests", projectId, "leases"],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireLease>>(
        `/v1/leases${queryText({ status: "live", limit: PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

export function revokeLease(projectId: string, leaseId: string): Promise<WireLease> {
  return callServer(`/v1/leases/${encodeURIComponent(leaseId)}/revoke`, {
    method: "POST",
    projectId,
  });
}
