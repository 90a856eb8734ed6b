import type {
  GateVerificationStatus,
  JsonObject,
  JsonValue,
  Priority,
  RequestStatus,
  WireActor,
  WirePolicyJudgement,
  WireReceipt,
} from "@holdpoint/protocol";
import type {
  ActionApproval,
  ActionCost,
  ActionEgress,
  ActionVerification,
  GateFault,
  GateOutcome,
} from "@holdpoint/protocol/gate";
import type { CallOptions } from "../requests/options.js";
import type { Amount } from "../spend/options.js";

/** What a session at the gate may do, at most. It lasts as long as the client, over all its leases. */
export interface ConnectOptions extends CallOptions {
  /**
   * Some of what the credential may have, or `actions:<id>` for single actions. Up to 100. Default: all
   * of it.
   */
  readonly scopes?: readonly string[];
  /** Calls of {@link Gate.execute} in the whole session. Integer, 1 … 1_000_000_000. Default: no limit. */
  readonly maxCalls?: number;
  /** What the calls of the whole session may cost together. Default: no limit. */
  readonly maxCost?: { readonly amount: Amount; readonly currency: string };
  /** Seconds that each lease lasts; renewed before. Integer, 60 … 3_600. Default 300. */
  readonly ttlSeconds?: number;
}

/** Where a client stands at the gate. */
export interface GateSession {
  /** `gss_…`. */
  readonly id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  /** Of the lease at hand, which is renewed before. By the control plane's clock. */
  readonly expiresAt: Date;
  /** As it stood when that lease was issued. Amounts are decimal texts. */
  readonly budget: {
    readonly calls: number;
    readonly maxCalls?: number;
    readonly cost?: { readonly amount: string; readonly currency: string };
    readonly maxCost?: { readonly amount: string; readonly currency: string };
  };
}

/** One call of an action. */
export interface ExecuteOptions extends CallOptions {
  /** The call's id (`req_` TypeID). Default: a new one. The same id runs once. */
  readonly id?: string;
  /**
   * Names the call in place of `id`: whoever calls the same under this key, in any process, runs it
   * once. Up to 255 characters.
   */
  readonly idempotencyKey?: string;
  /** A held call (`approvalId`) to run, now that a person has approved it. In place of `id`. */
  readonly approval?: string;
  /** Waits where a person has to decide, and runs it then. Default false. */
  readonly wait?: boolean;
  /** Called when a person has to decide, with where. */
  readonly onPending?: (approval: GateApproval) => void;
  /**
   * Milliseconds a person has to decide, where one is asked. Integer, 1_000 … 2_592_000_000. Default
   * 86_400_000 (24 hours).
   */
  readonly timeoutMs?: number;
  /** Default: the client's. */
  readonly environment?: string;
  /** Groups the requests of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** The request (`req_…`) this one follows from. */
  readonly parentRequestId?: string;
}

/** A call that was run, with success. */
export interface GateResult<Output = JsonValue> {
  /** `req_…`: a call is a request, and `requests.get` and receipts know it by this id. */
  readonly id: string;
  readonly executionId: string;
  readonly action: string;
  readonly actionVersion: string;
  /** `sha256:<hex>` of the manifest that was run, as canonical JSON. */
  readonly actionDigest: string;
  readonly outcome: "success";
  /** Absent where the action does not return it. */
  readonly output?: Output;
  /** Whether the effect was seen to be there. */
  readonly verification: { readonly status: GateVerificationStatus; readonly detail?: string };
  /** Whether it succeeded and its effect was seen, or is declared unverifiable. */
  readonly fullySuccessful: boolean;
  readonly approvedBy?: WireActor;
  /** The evidence: pass to {@link Gate.receipt}. */
  readonly receiptId: string;
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  /** Whether it was on record, and nothing ran for this call. */
  readonly replayed: boolean;
}

/** How a call ended, also without success. */
export interface GateRun extends Omit<GateResult, "outcome"> {
  readonly outcome: GateOutcome;
  /** What kept it from its effect, or from being known. */
  readonly error?: {
    readonly code: GateFault;
    readonly message: string;
    /** HTTP status of the service, with `refused_by_service`. */
    readonly status?: number;
  };
}

/** A call that a person decides, as it stands. */
export interface GateApproval {
  /** `req_…`: pass as `approval` to {@link Gate.execute}. */
  readonly id: string;
  readonly action: string;
  readonly actionVersion: string;
  /** `sha256:<hex>` of the manifest that will be run, as canonical JSON. */
  readonly actionDigest: string;
  readonly status: RequestStatus;
  /** The role that decides. Absent: any operator. */
  readonly role?: string;
  /** The person's words, when they gave any. */
  readonly reason?: string;
  readonly decidedBy?: WireActor;
  /** What the policy said. */
  readonly policy?: WirePolicyJudgement;
  readonly expiresAt: Date;
  readonly resolvedAt?: Date;
  /** Where a person decides it. */
  readonly url: string;
  /** Once it was run. */
  readonly run?: GateRun;
}

/** An action that this agent may use. */
export interface GateAction {
  readonly id: string;
  readonly version: string;
  /** `sha256:<hex>` of its manifest, as canonical JSON. */
  readonly digest: string;
  readonly title: string;
  readonly description: string;
  readonly risk: Priority;
  readonly approval: ActionApproval;
  /** JSON Schema 2020-12. */
  readonly parameters: JsonObject;
  /** JSON Schema 2020-12 of the output. */
  readonly result?: JsonObject;
  readonly egress: ActionEgress;
  readonly cost?: ActionCost;
  readonly verification: ActionVerification["type"];
  readonly returnsOutput: boolean;
}

export interface ApprovalOptions extends CallOptions {
  /**
   * Milliseconds to wait for a person. Integer, 0 (as it stands) … 2_592_000_000. Default 86_400_000
   * (24 hours).
   */
  readonly waitMs?: number;
}

/**
 * Actions that the control plane runs for this agent, with credentials the agent never sees.
 *
 * The first call connects: it draws a key that never leaves this process, and gets a lease bound to
 * it. Every call is proved by that key (RFC 9449), its body included. Parameters travel in clear, also
 * with an encryption key set, for the gate has to read what it runs.
 */
export interface Gate {
  /**
   * Begins a session with limits of its own, in place of the one there is. Not needed otherwise.
   *
   * @throws {PermissionDeniedError} `SCOPE_MISSING`, `AUTHORITY_FROZEN`.
   * @throws {AuthenticationError} The credential is not accepted.
   */
  connect(options?: ConnectOptions): Promise<GateSession>;
  /**
   * Has an action run, and resolves once the evidence of its success is kept. Safe to repeat under the
   * same id or key: it runs once, and what is on record is answered again.
   *
   * @throws {ActionDeniedError} `ACTION_DENIED`: the policy is against it. Nothing ran.
   * @throws {ApprovalRequiredError} `APPROVAL_REQUIRED`: a person decides first. Nothing ran.
   * @throws {ApprovalRejectedError} `APPROVAL_REJECTED`, `APPROVAL_EXPIRED`, `APPROVAL_CANCELLED`.
   * @throws {BudgetExhaustedError} `LEASE_BUDGET_EXHAUSTED`. Nothing ran.
   * @throws {ActionFailedError} `ACTION_FAILED`: it ran, and has had no effect.
   * @throws {OutcomeUnknownError} `OUTCOME_UNKNOWN`: it may or may not have had its effect.
   * @throws {ValidationError} `PARAMETERS_INVALID`. {@link NotFoundError} `ACTION_NOT_FOUND`.
   * @throws {PermissionDeniedError} `SCOPE_MISSING`, `AUTHORITY_FROZEN`. Nothing ran.
   * @throws {GrantError} `ARGUMENTS_CHANGED`: not what was held. {@link ConflictError}
   *   `ACTION_WITHDRAWN`, `REQUEST_ID_CONFLICT`.
   * @throws {NotConnectedError} `NOT_CONNECTED`: after {@link Gate.close}.
   */
  execute<Output = JsonValue>(
    action: string,
    parameters?: object,
    options?: ExecuteOptions,
  ): Promise<GateResult<Output>>;
  /**
   * Waits for the answer to a held call, in this process or another. Once the time is over it resolves
   * as it stands, still `PENDING`.
   *
   * @param id - As in {@link ApprovalRequiredError.approvalId}.
   * @throws {NotFoundError} `REQUEST_NOT_FOUND`: no such call of this agent.
   */
  approval(id: string, options?: ApprovalOptions): Promise<GateApproval>;
  /** As {@link Receipts.get}. */
  receipt(id: string, options?: CallOptions): Promise<WireReceipt>;
  /** Where an action may go. */
  egress(action: string, options?: CallOptions): Promise<ActionEgress>;
  /** The actions this session may use, by id. */
  actions(options?: CallOptions): Promise<readonly GateAction[]>;
  /**
   * Forgets key and lease. Calls to the gate throw {@link NotConnectedError} from then on, until
   * {@link Gate.connect}.
   */
  close(): Promise<void>;
}
