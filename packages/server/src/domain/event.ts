import type { Priority, RequestEventType, RequestStatus, WireActor } from "@holdpoint/protocol";

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
