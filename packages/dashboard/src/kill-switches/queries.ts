import type { WireList } from "@holdpoint/protocol";
import type { WireKillSwitch, WireSetKillSwitch } from "@holdpoint/protocol/spend";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** A switch that somebody else threw shows itself within this time: it is no event of a request. */
const REFRESH_MS = 15_000;

export function killSwitchesQuery(projectId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "kill-switches"],
    queryFn: ({ signal }) =>
      callServer<WireList<WireKillSwitch>>("/v1/kill-switches", { projectId, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function setKillSwitch(projectId: string, body: WireSetKillSwitch): Promise<WireKillSwitch> {
  return callServer("/v1/kill-switches", { method: "PUT", projectId, body });
}
