import { useInfiniteQuery } from "@tanstack/react-query";
import { requestsQuery } from "./queries.js";

/** How many requests of a project wait, such as `3`, or `50+` where there are more; empty for none. */
export function useWaitingCount(projectId: string): string {
  const waiting = useInfiniteQuery(requestsQuery(projectId, "triage", { status: "PENDING" }));
  const count = waiting.data?.pages.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
  if (count === 0) return "";
  return `${count}${waiting.hasNextPage ? "+" : ""}`;
}
