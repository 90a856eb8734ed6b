import type { WireKillSwitch } from "@holdpoint/protocol/spend";
import type { KillSwitch } from "../../store/verbs/spend-limits.js";
import { wireTime } from "../time.js";

export function toWireKillSwitch(killSwitch: KillSwitch): WireKillSwitch {
  const { agent, stopped, reason, changedAt, changedBy } = killSwitch;
  return {
    scope: agent === undefined ? "project" : "agent",
    ...(agent !== undefined && { agent }),
    stopped,
    ...(reason !== undefined && { reason }),
    changed_at: wireTime(changedAt),
    changed_by: changedBy,
  };
}
