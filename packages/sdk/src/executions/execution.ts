import type { JsonValue, WireActor, WireExecution } from "@holdpoint/protocol";

/** The run under a grant, as it stands. */
export interface Execution {
  readonly id: string;
  readonly requestId: string;
  /** `CLAIMED` while it runs. `OUTCOME_UNKNOWN` when whoever ran it stopped renewing its lease. */
  readonly status: "CLAIMED" | "COMMITTED" | "FAILED" | "OUTCOME_UNKNOWN";
  /** Counts up with every claim; an older one can no longer settle. */
  readonly fencingToken: number;
  /** The claim said that the action may run again under the same key. */
  readonly idempotent: boolean;
  readonly claimedAt: Date;
  readonly leaseExpiresAt: Date;
  readonly settledAt?: Date;
  /** True when it was settled afterwards, with evidence, and not by the run itself. */
  readonly reconciled: boolean;
  readonly settledBy?: WireActor;
  /** Decrypted. What the run returned. */
  readonly result?: JsonValue;
  /** Decrypted. What the run failed with. */
  readonly error?: JsonValue;
  /** Decrypted. What a reconciliation rests on. */
  readonly evidence?: JsonValue;
}

/** What of an execution had to be decrypted first. */
export interface OpenedExecution {
  readonly result: JsonValue | undefined;
  readonly error: JsonValue | undefined;
  readonly evidence: JsonValue | undefined;
}

/** Maps an execution from the wire. */
export function viewExecution(execution: WireExecution, opened: OpenedExecution): Execution {
  const { settled_at } = execution;
  const view = {
    id: execution.id,
    requestId: execution.request_id,
    status: execution.status,
    fencingToken: execution.fencing_token,
    idempotent: execution.idempotent,
    claimedAt: new Date(execution.claimed_at),
    leaseExpiresAt: new Date(execution.lease_expires_at),
    settledAt: settled_at === undefined ? undefined : new Date(settled_at),
    reconciled: execution.reconciled ?? false,
    settledBy: execution.settled_by,
    ...opened,
  };
  const present = Object.entries(view).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as Execution;
}
