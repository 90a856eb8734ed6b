import type { WireSecret } from "@holdpoint/protocol/gate";
import type { Secret } from "../../store/verbs/actions.js";
import { wireTime } from "../time.js";

/** Its name, and never its value. */
export function toWireSecret({ name, updatedAt, updatedBy }: Secret): WireSecret {
  return { name, updated_at: wireTime(updatedAt), updated_by: updatedBy };
}
