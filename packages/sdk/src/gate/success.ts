import type { GateRun } from "./options.js";

/** Whether a call succeeded and its effect was seen, or is declared unverifiable. */
export function isFullySuccessful(run: Pick<GateRun, "outcome" | "verification">): boolean {
  const { status } = run.verification;
  return run.outcome === "success" && (status === "verified" || status === "unverifiable");
}
