import type { JsonValue } from "@holdpoint/protocol";
import {
  ConflictError,
  fetchRequest,
  invalidResponse,
  LIMITS,
  requireInteger,
  startDeadline,
} from "../core.js";
import { composeClaim, sendCall } from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { ClientParts } from "../late.js";
import type { Decision } from "../requests/decision.js";
import { awaitOutcome, outcomeUnknown } from "./follow.js";
import { untilKnown } from "./persist.js";
import type { ClaimedRun } from "./run.js";

export type Approval = Extract<Decision<JsonValue>, { approved: true }>;

/** An approval that is to be run once. */
export interface Claimable {
  readonly parts: ClientParts;
  readonly decision: Approval;
  /** The run there is already, where it is known. */
  readonly executionId: string | undefined;
  /** Default 60_000. */
  readonly leaseMs: number | undefined;
  /** Default false. */
  readonly idempotent: boolean | undefined;
  readonly signal: AbortSignal | undefined;
}

export type Claimed =
  | { readonly status: "CLAIMED"; readonly run: ClaimedRun }
  /** Somebody else ran it, or has begun to. */
  | { readonly status: "ENDED"; readonly execution: Execution };

/** Uses the grant, or waits for the run of whoever has. */
export async function claimOrFollow(claimable: Claimable): Promise<Claimed> {
  const { parts, idempotent = false, signal } = claimable;
  let { executionId } = claimable;
  for (;;) {
    const known = executionId && (await awaitOutcome(parts, executionId, signal));
    if (known) {
      const mayRunAgain = known.status === "OUTCOME_UNKNOWN" && idempotent;
      if (!mayRunAgain) return { status: "ENDED", execution: known };
    }
    const claim = await claimOnce(claimable, known || undefined);
    if (claim.status === "CLAIMED") return claim;
    executionId = claim.executionId;
  }
}

type Claim =
  | { readonly status: "CLAIMED"; readonly run: ClaimedRun }
  | { readonly status: "TAKEN"; readonly executionId: string };

/** Uses the grant, or tells whose run it is. */
async function claimOnce(
  { parts, decision, signal, idempotent = false, ...options }: Claimable,
  known: Execution | undefined,
): Promise<Claim> {
  const leaseMs = requireInteger(
    "leaseMs",
    options.leaseMs ?? LIMITS.defaultLeaseMs,
    LIMITS.minLeaseMs,
    LIMITS.maxLeaseMs,
  );
  const composed = composeClaim(decision, { leaseMs, idempotent, ...(signal && { signal }) });
  try {
    const signals = [signal, parts.options.signal];
    let left = startDeadline(leaseMs);
    const execution = await untilKnown(signals, () => {
      left = startDeadline(leaseMs);
      return sendCall(parts, composed);
    });
    // Ours, but answered so late that its lease is over: nothing of it has run here.
    if (execution.status !== "CLAIMED") return { status: "TAKEN", executionId: execution.id };
    return { status: "CLAIMED", run: { parts, execution, decision, leaseMs, left, signal } };
  } catch (error) {
    if (!(error instanceof ConflictError) || !isTaken(error)) throw error;
    // What was claimed as not idempotent stays so, whatever is said of it later.
    if (known?.idempotent === false) throw outcomeUnknown(known, error);
    const { execution } = await fetchRequest(parts.transport, decision.id, signal);
    if (execution.id !== undefined) return { status: "TAKEN", executionId: execution.id };
    throw invalidResponse("Expected the execution that has claimed it", { requestId: decision.id });
  }
}

function isTaken({ code }: ConflictError): boolean {
  return code === "EXECUTION_CLAIMED" || code === "EXECUTION_SETTLED";
}
