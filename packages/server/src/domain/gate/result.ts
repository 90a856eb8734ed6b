import type { ActionManifest, GateFault } from "@holdpoint/protocol/gate";
import type { CallEnding } from "./call.js";
import type { ActionOutcome, Verification } from "./run.js";

/** How a run ended, as it is put on record. */
export function endingOf(outcome: ActionOutcome): CallEnding["outcome"] {
  switch (outcome.outcome) {
    case "success":
      return {
        status: "COMMITTED",
        result: outcome.output,
        verification: outcome.verification,
      };
    case "failed":
      return { status: "FAILED", error: outcome.fault };
    case "outcome_unknown":
      return { status: "OUTCOME_UNKNOWN", error: outcome.fault };
  }
}

/** Met before a call has an address to go to. */
const NEVER_SENT: readonly GateFault[] = ["secret_missing", "request_too_large"];
/** Met before the first byte, where whatever came after it would have left the outcome unknown. */
const UNSENT: readonly GateFault[] = [
  ...NEVER_SENT,
  "egress_refused",
  "name_not_found",
  "connection_failed",
  "tls_failed",
];

/**
 * Whether nothing was sent, so that the call has cost nothing. In doubt it was: what reads, which fails
 * at any time, and modules and tools, which may have sent something before.
 */
export function isUnsent({ provider }: ActionManifest, outcome: ActionOutcome): boolean {
  if (outcome.outcome !== "failed") return false;
  const isWrite =
    provider.type === "http" && provider.method !== "GET" && provider.method !== "HEAD";
  return (isWrite ? UNSENT : NEVER_SENT).includes(outcome.fault.code);
}

/** Whether it succeeded, and its effect was seen or is declared unverifiable. */
export function isFullySuccessful(
  isCommitted: boolean,
  { status }: Pick<Verification, "status">,
): boolean {
  return isCommitted && (status === "verified" || status === "unverifiable");
}

/** What a run that was cut off says where nobody has said anything of it. */
export const INTERRUPTED: { readonly code: GateFault; readonly message: string } = {
  code: "interrupted",
  message: "The run was interrupted, and nobody can say whether it has had its effect.",
};
