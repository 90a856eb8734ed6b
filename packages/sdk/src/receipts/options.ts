import type {
  GateVerificationStatus,
  JsonValue,
  PolicyVerdict,
  Priority,
  ProjectEventType,
  RequestEventType,
  RequestStatus,
  WireActor,
  WireExecution,
  WireReceipt,
  WireRequest,
} from "@holdpoint/protocol";
import type { CallOptions } from "../requests/options.js";

/**
 * What a receipt is compared with: a decision, a request, or the JSON of `GET /v1/requests/:id`.
 * With end-to-end encryption only the last one will do, for the envelopes are what was signed.
 */
export type ComparableRequest =
  | Partial<WireRequest>
  | { readonly payload?: unknown; readonly patchedPayload?: unknown; readonly reason?: string };

export interface VerifyReceiptOptions extends CallOptions {
  /**
   * The keys to trust: the JWK Set of `/.well-known/jwks.json`, from a copy of your own. Default:
   * fetched from the control plane with the first call, and remembered. Then you believe the
   * control plane about its keys; with a copy of your own nothing is fetched.
   */
  readonly keys?: unknown;
  /** Recomputes the digests of payload, approved payload and reason. Default: none. */
  readonly request?: ComparableRequest;
  /** Recomputes the digests of result, error and evidence. Default: none. */
  readonly execution?: Partial<Pick<WireExecution, "id" | "result" | "error" | "evidence">>;
  /**
   * Recomputes the digest of what a change of the project has set: a manifest, a policy's text, an
   * agent's limits. Default: none.
   */
  readonly set?: JsonValue;
  /** Accepts a receipt that the log has not taken in yet. Default false. */
  readonly allowUnlogged?: boolean;
}

/**
 * What a verified receipt says: of a request, or of what binds a project's agents. Its `type` tells
 * which, and so does `requestId`.
 */
export type VerifiedReceipt = VerifiedRequestReceipt | VerifiedProjectReceipt;

/** An event of a request. Digests are `sha256:<hex>` of canonical JSON (RFC 8785). */
export interface VerifiedRequestReceipt extends VerifiedBase {
  readonly type: RequestEventType;
  readonly requestId: string;
  readonly agentId: string;
  readonly service: string;
  readonly action: string;
  readonly priority: Priority;
  /** Of the request, after the event. */
  readonly status: RequestStatus;
  readonly revision: number;
  readonly payloadDigest?: string;
  readonly approvedDigest?: string;
  readonly reasonDigest?: string;
  readonly execution?: {
    readonly id: string;
    readonly fencingToken: number;
    readonly reconciled?: boolean;
    readonly resultDigest?: string;
    readonly errorDigest?: string;
    readonly evidenceDigest?: string;
  };
  /** Where a policy was asked: what it said, and which of its statements did. */
  readonly policy?: {
    readonly revision: number;
    readonly verdict: PolicyVerdict;
    readonly policies: readonly string[];
  };
  /** Where the gate runs it. */
  readonly gate?: GatePart;
  readonly subject?: never;
}

/** What is signed of a call that the gate runs. */
export interface GatePart {
  readonly actionVersion: string;
  /** Of the action's manifest. */
  readonly actionDigest: string;
  readonly sessionId: string;
  readonly leaseId: string;
  /** With `execution.*`: who let it run. */
  readonly approvedBy?: WireActor;
  /** With `execution.committed`: whether the effect was seen to be there. */
  readonly verification?: GateVerificationStatus;
}

/** An event of a project: a change of what binds its agents. */
export interface VerifiedProjectReceipt extends VerifiedBase {
  readonly type: ProjectEventType;
  /** Where it concerns one agent. */
  readonly agentId?: string;
  readonly subject: {
    /** The lease, action, agent identity or agent; the project where it is about all of it. */
    readonly id: string;
    /** Of a policy; the epoch of an authority. */
    readonly revision?: number;
    /** Of an action. */
    readonly version?: string;
    /** Of what was set, as `sha256:<hex>` of its canonical JSON. */
    readonly digest?: string;
  };
  readonly requestId?: never;
  readonly execution?: never;
  readonly gate?: never;
}

interface VerifiedBase {
  readonly id: string;
  readonly projectId: string;
  /** By the control plane's clock. */
  readonly at: Date;
  readonly actor: WireActor;
  /** The key that signed it. */
  readonly keyId: string;
  /** Its place in the log. Absent with `allowUnlogged` only. */
  readonly log?: { readonly index: number; readonly origin: string; readonly size: number };
  /** Which digests were recomputed. */
  readonly compared: readonly string[];
  /** Which digests had nothing to be compared with. */
  readonly notCompared: readonly string[];
}

/** Signed evidence of what happened. */
export interface Receipts {
  /**
   * Reads a receipt. It is self-contained: keep the JSON, and it can be verified by anybody, offline,
   * years later.
   *
   * @param id - As in `decision.receiptId` (`rcp_…`).
   * @throws {NotFoundError} `RECEIPT_NOT_FOUND`: no such receipt of this agent.
   */
  get(id: string, options?: CallOptions): Promise<WireReceipt>;
  /**
   * Verifies a receipt: signature, form, project, place in the log, and the digests of what you
   * compare it with.
   *
   * @param receipt - As {@link Receipts.get} returned it, or parsed from a file.
   * @throws {ReceiptVerificationError} Its `code` says what does not hold.
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `keys` is no JWK Set of a control plane.
   */
  verify(receipt: unknown, options?: VerifyReceiptOptions): Promise<VerifiedReceipt>;
}
