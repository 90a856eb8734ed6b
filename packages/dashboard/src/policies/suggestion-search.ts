import { LIMITS } from "@holdpoint/protocol";
import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";

/** Names a suggestion in the address of the policy's page. */
export interface SuggestionSearch {
  readonly agent?: string;
  readonly service?: string;
  readonly action?: string;
}

const LENGTHS: Readonly<Record<keyof SuggestionSearch, number>> = {
  agent: 60,
  service: LIMITS.serviceLength,
  action: LIMITS.actionLength,
};

/** Reads which suggestion an address names; what is not of it is dropped. */
export function readSuggestionSearch(search: Readonly<Record<string, unknown>>): SuggestionSearch {
  const read: Partial<Record<keyof SuggestionSearch, string>> = {};
  for (const [name, length] of Object.entries(LENGTHS) as [keyof SuggestionSearch, number][]) {
    const value = search[name];
    // The router reads `?service=42` as a number.
    const text = ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
    if (text !== "") read[name] = text.slice(0, length);
  }
  return read;
}

export function searchOf({ agent, service, action }: WirePolicySuggestion): SuggestionSearch {
  return { agent: agent.id, service, action };
}

/** The suggestion that an address names, if it still stands. */
export function findSuggestion(
  suggestions: readonly WirePolicySuggestion[],
  { agent, service, action }: SuggestionSearch,
): WirePolicySuggestion | undefined {
  return suggestions.find(
    (each) => each.agent.id === agent && each.service === service && each.action === action,
  );
}
