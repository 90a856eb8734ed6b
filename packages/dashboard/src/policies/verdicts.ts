import type { PolicyVerdict } from "@holdpoint/protocol";

/** What a verdict comes to, in words. */
const VERDICT_NAMES: Readonly<Record<PolicyVerdict, string>> = {
  allow: "Let through",
  hold: "Held for a person",
  deny: "Denied",
  none: "No statement matched",
};

export function verdictName(verdict: string): string {
  return Object.hasOwn(VERDICT_NAMES, verdict) ? VERDICT_NAMES[verdict as PolicyVerdict] : verdict;
}
