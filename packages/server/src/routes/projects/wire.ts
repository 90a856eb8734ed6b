import type { WireProject } from "@holdpoint/protocol";
import type { Project } from "../../store/store.js";
import { wireTime } from "../time.js";

export function toWireProject({ id, name, createdAt }: Project): WireProject {
  return { id, name, created_at: wireTime(createdAt) };
}
