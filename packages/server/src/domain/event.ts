import type {
  GateVerificationStatus,
  Priority,
  ProjectEventType,
  RequestEventType,
  RequestStatus,
  WireActor,
  WirePolicyJudgement,
  WireShieldVerdict,
} from "@holdpoint/protocol";

/**
 * Something that has just become true of a request, as its history, its receipt and the webhooks
 * tell it. Digests are `sha256:<hex>` of canonical JSON as it travels: an envelope stays one.
 */
export interface RequestEvent {
  readonly id: string;
  readonly projectId: string;
  readonly requestId: string;
  readonly agentId: string;
  readonly type: RequestEventType;
  readonly at: number;
  readonly actor: WireActor;
  readonly service: string;
  readonly action: string;
  readonly priority: Priority;
  /** Of the request, after the event. */
  readonly status: RequestStatus;
  readonly revision: number;
  /** Absent for requests older than digests. */
  readonly payloadDigest?: string;
  /** What may run, once approved. */
  readonly approvedDigest?: string;
  /** The operator's words. */
  readonly reasonDigest?: string;
  readonly execution?: ExecutionPart;
  readonly purchase?: PurchasePart;
  /** Where a policy was asked. */
  readonly policy?: WirePolicyJudgement;
  /** Where the gate runs it. */
  readonly gate?: GatePart;
  /** Where the shield measured it. */
  readonly shield?: WireShieldVerdict;
  /** What a person lets a purchase spend, where less than it asked for. Not part of the receipt. */
  readonly approvedAmountMinor?: number;
}

/** What `purchase.*` events say of the money. */
export interface PurchasePart {
  /** What was moved: held, paid, given back. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly category: string;
  readonly payee?: string;
  readonly late?: boolean;
}

/** What `execution.*` events say of the run. */
export interface ExecutionPart {
  readonly id: string;
  readonly fencingToken: number;
  readonly reconciled?: boolean;
  readonly resultDigest?: string;
  readonly errorDigest?: string;
  readonly evidenceDigest?: string;
}

/** What events of a request that the gate runs say of it. */
export interface GatePart {
  readonly actionVersion: string;
  readonly actionDigest: string;
  readonly sessionId: string;
  readonly leaseId: string;
  /** With `execution.*`. */
  readonly approvedBy?: WireActor;
  /** With `execution.committed`. */
  readonly verification?: GateVerificationStatus;
}

/** Something that has just become true of a project, as its receipt tells it. */
export interface ProjectEvent {
  readonly id: string;
  readonly projectId: string;
  readonly type: ProjectEventType;
  readonly at: number;
  readonly actor: WireActor;
  /** Where it concerns one agent. */
  readonly agentId?: string;
  readonly subject: {
    readonly id: string;
    readonly revision?: number;
    readonly version?: string;
    /** `sha256:<hex>` of what was set. */
    readonly digest?: string;
  };
}
