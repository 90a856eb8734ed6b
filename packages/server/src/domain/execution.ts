import type { Envelope, ExecutionStatus, JsonValue, WireActor } from "@holdpoint/protocol";

/** The run under a grant. Times are milliseconds since the epoch, UTC. */
export interface Execution {
  readonly id: string;
  readonly requestId: string;
  readonly projectId: string;
  readonly agentId: string;
  readonly status: Exclude<ExecutionStatus, "NONE">;
  readonly fencingToken: number;
  readonly idempotent: boolean;
  readonly claimedAt: number;
  readonly leaseExpiresAt: number;
  readonly settledAt?: number;
  /** True when somebody found out how it ended, false when the run itself said so. */
  readonly reconciled: boolean;
  readonly settledBy?: WireActor;
  readonly result?: JsonValue | Envelope;
  readonly error?: JsonValue | Envelope;
  readonly evidence?: JsonValue | Envelope;
}

/** An attempt to consume a grant. */
export interface Claim {
  readonly id: string;
  readonly projectId: string;
  readonly requestId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly grantId: string;
  readonly approvedDigest: string;
  readonly idempotent: boolean;
  readonly at: number;
  readonly leaseExpiresAt: number;
}

/** How an execution ends. */
export interface Ending {
  readonly status: "COMMITTED" | "FAILED";
  readonly settledBy: WireActor;
  readonly at: number;
  readonly result?: JsonValue | Envelope;
  readonly error?: JsonValue | Envelope;
}

/** An ending told by whoever runs it. */
export interface Settlement extends Ending {
  readonly fencingToken: number;
}

/** An ending found out later. */
export interface Reconciliation extends Ending {
  readonly evidence: JsonValue | Envelope;
}
