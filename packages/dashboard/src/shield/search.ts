import { LIMITS } from "@holdpoint/protocol";

/** What the address of a service's page says beside its service. */
export interface ShieldSearch {
  readonly environment?: string;
  /** The run that is drawn; without it the latest. */
  readonly run?: string;
  /** The step of it that is in view; without it the last. */
  readonly step?: string;
  /** An edge in view: from this action, or where runs begin, … */
  readonly from?: string;
  /** … to this one. */
  readonly to?: string;
}

/** `<agentId>/<runId>`. */
const RUN_KEY_LENGTH = 300;

const LENGTHS: Readonly<Record<keyof ShieldSearch, number>> = {
  environment: LIMITS.environmentLength,
  run: RUN_KEY_LENGTH,
  step: 60,
  from: LIMITS.actionLength,
  to: LIMITS.actionLength,
};

/** Reads what an address says; what is not of it is dropped. */
export function readShieldSearch(search: Readonly<Record<string, unknown>>): ShieldSearch {
  const read: Partial<Record<keyof ShieldSearch, string>> = {};
  for (const [name, length] of Object.entries(LENGTHS) as [keyof ShieldSearch, number][]) {
    const value = search[name];
    // The router reads `?run=42` as a number, and `?to=true` as a truth value.
    const text = ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
    if (text !== "") read[name] = text.slice(0, length);
  }
  return read;
}
