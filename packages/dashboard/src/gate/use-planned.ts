import type { WireRequest } from "@holdpoint/protocol";
import { useQueries } from "@tanstack/react-query";
import { useSession } from "../session/session.js";
import { gatePlanQuery, isGateCall } from "./queries.js";

/**
 * Whether it can be seen what the gate would run for these requests; true for those that are no calls
 * of it. Nothing is approved before: the parameters alone do not say where they go.
 */
export function usePlanned(requests: readonly WireRequest[]): boolean {
  const { project } = useSession();
  const queries = useQueries({
    queries: requests.filter(isGateCall).map((request) => gatePlanQuery(project.id, request)),
  });
  return queries.every(({ data }) => data !== undefined && data !== null);
}
