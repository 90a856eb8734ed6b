import type { WireOrganisation } from "@holdpoint/protocol/spend";
import type { Organisation } from "../../store/verbs/organisations.js";
import { wireTime } from "../time.js";

export function toWireOrganisation(organisation: Organisation): WireOrganisation {
  const { id, name, projects, createdAt } = organisation;
  return { id, name, projects, created_at: wireTime(createdAt) };
}
