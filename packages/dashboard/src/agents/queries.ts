import type { WireAgent, WireList } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** The project's agents. */
export function agentsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["agents", projectId],
    queryFn: ({ signal }) => callServer<WireList<WireAgent>>("/v1/agents", { projectId, signal }),
  });
}
