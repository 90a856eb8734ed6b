import type { WireList, WireRequest } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** The most one page may have. */
const PAGE_SIZE = 100;

export interface Waiting {
  readonly requests: readonly WireRequest[];
  /** Whether this is all that waits. */
  readonly isAll: boolean;
}

/**
 * What waits in a project, without payloads. Of more than a page these are the most urgent and the
 * latest, so that neither a flood nor a long queue hides what comes.
 */
export function waitingQuery(projectId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "waiting"],
    queryFn: async ({ signal }): Promise<Waiting> => {
      const load = (order: "triage" | "newest") =>
        callServer<WireList<WireRequest>>(
          `/v1/requests${queryText({ status: "PENDING", order, limit: PAGE_SIZE })}`,
          { projectId, signal },
        );
      const urgent = await load("triage");
      if (urgent.next_cursor === null) return { requests: urgent.data, isAll: true };
      const latest = await load("newest");
      const byId = new Map([...urgent.data, ...latest.data].map((each) => [each.id, each]));
      return { requests: [...byId.values()], isAll: false };
    },
  });
}
