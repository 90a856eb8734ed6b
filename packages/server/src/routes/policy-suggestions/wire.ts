import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";
import type { PolicySuggestion } from "../../pipeline/shield/suggestions.js";
import { wireTime } from "../time.js";

export function toWirePolicySuggestion({
  habit,
  replay,
  ...suggestion
}: PolicySuggestion): WirePolicySuggestion {
  return {
    service: habit.service,
    action: habit.action,
    ...(habit.environment !== undefined && { environment: habit.environment }),
    agent: habit.agent,
    approved: habit.approved,
    first_at: wireTime(habit.firstAt),
    last_at: wireTime(habit.lastAt),
    statement: suggestion.statement,
    text: suggestion.text,
    base_revision: suggestion.baseRevision,
    replay: {
      tried: replay.tried,
      allowed: replay.allowed,
      against_people: replay.againstPeople,
    },
  };
}
