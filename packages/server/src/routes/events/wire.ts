import type { WireEvent } from "@holdpoint/protocol";
import type { StoredEvent } from "../../store/store.js";

/** An event as it travels: without its place in the order of commits, which is the stream's. */
export function toWireEvent({ sequence, projectId, agentId, ...event }: StoredEvent): WireEvent {
  return event;
}
