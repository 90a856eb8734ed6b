import type { WireList } from "@holdpoint/protocol";
import type { WireOrganisation } from "@holdpoint/protocol/spend";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** The organisations of the operator's projects. */
export function organisationsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["organisations", projectId],
    queryFn: ({ signal }) =>
      callServer<WireList<WireOrganisation>>("/v1/organisations", { projectId, signal }),
  });
}
