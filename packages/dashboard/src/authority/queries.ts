import type { WireAuthority, WireSetAuthority } from "@holdpoint/protocol/gate";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** A freeze by somebody else shows itself within this time: it is no event of a request. */
const REFRESH_MS = 15_000;

/** Whether anything may run. Under the key of the requests, so that live events bring it up to date too. */
export function authorityQuery(projectId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "authority"],
    queryFn: ({ signal }) => callServer<WireAuthority>("/v1/authority", { projectId, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function setAuthority(projectId: string, body: WireSetAuthority): Promise<WireAuthority> {
  return callServer("/v1/authority", { method: "PUT", projectId, body });
}
