import type { Diff, JsonObject, WireActor } from "@holdpoint/protocol";
import type { ShieldVerdict } from "../views/shield.js";

/** The answer to a request. Look at `approved` first: only then is there something to run. */
export type Decision<Payload> =
  | ApprovedDecision<Payload>
  | ModifiedDecision<Payload>
  | RefusedDecision<Payload>;

export interface ApprovedDecision<Payload> extends DecisionBase<Payload> {
  readonly approved: true;
  readonly status: "APPROVED";
  /** What may run. */
  readonly approvedPayload: Payload;
  /** Absent when the control plane that took the answer gave none: then nothing can be claimed. */
  readonly grant?: Grant;
}

export interface ModifiedDecision<Payload> extends DecisionBase<Payload> {
  readonly approved: true;
  readonly status: "APPROVED_WITH_MODIFICATIONS";
  /** The payload as the person edited it. */
  readonly patchedPayload: Payload;
  /** What may run: the edited payload. */
  readonly approvedPayload: Payload;
  /** What the person changed. */
  readonly diffSummary: Diff;
  /** Absent when the control plane that took the answer gave none: then nothing can be claimed. */
  readonly grant?: Grant;
}

/**
 * One-use authority to run what was approved. `executions.claim` uses it up; `guard` does that for
 * you.
 */
export interface Grant {
  readonly id: string;
  /** The revision of the request it was given with. */
  readonly revision: number;
  /** `sha256:<hex>` of what may run, as it travelled; checked against what was received. */
  readonly approvedDigest: string;
  readonly expiresAt: Date;
}

/** Nothing may run. `EXPIRED` and `CANCELLED` mean that nobody decided. */
export interface RefusedDecision<Payload> extends DecisionBase<Payload> {
  readonly approved: false;
  readonly status: "REJECTED" | "EXPIRED" | "CANCELLED";
}

interface DecisionBase<Payload> {
  /** The request's id (`req_…`). */
  readonly id: string;
  /** The payload as it was asked. */
  readonly payload: Payload;
  /** The person's words, when they gave any. */
  readonly reason?: string;
  /** Who gave the answer, as the server knows it. `system` for an expiry. */
  readonly decidedBy: WireActor;
  /** By the server's clock. */
  readonly resolvedAt: Date;
  /** The receipt (`rcp_…`) of the answer. */
  readonly receiptId?: string;
  /** The state parked with it: pass to `states.load`. */
  readonly stateId?: string;
  readonly metadata: JsonObject;
  /** How it compares with what the service is known to do. Absent where nothing follows it. */
  readonly shield?: ShieldVerdict;
  /** Where the request can be looked at. */
  readonly url: string;
}
