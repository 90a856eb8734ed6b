import type {
  Diff,
  Envelope,
  ExecutionStatus,
  JsonObject,
  JsonValue,
  Priority,
  RequestStatus,
  WireActor,
  WirePolicyJudgement,
  WireShieldVerdict,
} from "@holdpoint/protocol";
import type { NewShieldStep } from "./shield/entry.js";

/** A request as the server thinks of it. Times are milliseconds since the epoch, UTC. */
export interface Request {
  readonly id: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly agentLabel?: string;
  readonly service: string;
  readonly action: string;
  readonly status: RequestStatus;
  readonly priority: Priority;
  readonly role?: string;
  /** How many people have to approve. Absent: one. */
  readonly quorum?: number;
  /** Who has approved, oldest first. With a quorum of more than one. */
  readonly approvals?: readonly Approval[];
  readonly encrypted: boolean;
  /** Absent once `contentsDeletedAt` is set, and only then. */
  readonly payload?: JsonValue | Envelope;
  readonly patchedPayload?: JsonValue | Envelope;
  readonly diffSummary?: Diff;
  readonly schema?: JsonObject;
  readonly reason?: string;
  readonly decidedBy?: WireActor;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly resolvedAt?: number;
  readonly executionStatus: ExecutionStatus;
  readonly revision: number;
  readonly skeletonHash?: string;
  readonly metadata: JsonObject;
  readonly environment?: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  /** `sha256:<hex>` of the payload's canonical JSON, as it travels. Absent where older than digests. */
  readonly payloadDigest?: string;
  /** The same of what may run. Once approved. */
  readonly approvedDigest?: string;
  readonly grant?: Grant;
  readonly executionId?: string;
  /** The event of its leaving `PENDING`. */
  readonly resolutionEventId?: string;
  readonly witnessDigest?: string;
  readonly witnessChange?: JsonValue | Envelope;
  readonly stateId?: string;
  /** When retention took away payload, edit, diff, reason and what the execution said. */
  readonly contentsDeletedAt?: number;
  /** How the project's policy judged it. Absent where there is none that was asked. */
  readonly policy?: WirePolicyJudgement;
  /** How it compares with what its service is known to do. */
  readonly shield?: WireShieldVerdict;
}

/** One of the approvals that a quorum is made of. */
export interface Approval {
  readonly operator: { readonly id: string; readonly name: string };
  readonly at: number;
  readonly reason?: string;
}

/** One-use authority to run what was approved. */
export interface Grant {
  readonly id: string;
  readonly expiresAt: number;
}

/** A request about to be made. `digest` recognises the same creation sent twice. */
export type NewRequest = Omit<
  Request,
  | "status"
  | "approvals"
  | "patchedPayload"
  | "diffSummary"
  | "reason"
  | "decidedBy"
  | "resolvedAt"
  | "executionStatus"
  | "revision"
  | "approvedDigest"
  | "grant"
  | "executionId"
  | "resolutionEventId"
  | "contentsDeletedAt"
  | "payload"
> & {
  readonly payload: JsonValue | Envelope;
  readonly digest: string;
  /** What the shield's log keeps of it. */
  readonly step?: NewShieldStep;
};

/** How a request leaves `PENDING`. */
export interface Resolution {
  readonly status: Exclude<RequestStatus, "PENDING">;
  readonly decidedBy: WireActor;
  readonly at: number;
  readonly reason?: string;
  readonly patchedPayload?: JsonValue | Envelope;
  readonly diffSummary?: Diff;
  /** What an edit lets a purchase spend. */
  readonly approvedAmountMinor?: number;
  /** With an approval, and only then. */
  readonly approvedDigest?: string;
  readonly grant?: Grant;
}

/** Whether one approval is not enough. */
export function hasQuorum({ quorum }: { readonly quorum?: number | null }): boolean {
  return (quorum ?? 1) > 1;
}
