import type { Diff } from "./diff.js";
import type { Envelope } from "./envelope/shape.js";
import type { JsonObject, JsonValue } from "./json.js";
import type { WirePurchase } from "./spend/wire.js";
import type { ExecutionStatus, RequestStatus } from "./status.js";

/** How urgent, most urgent last. */
export const PRIORITIES = ["low", "medium", "high", "critical"] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * What an agent's credential may do. No scope lets an agent decide. `gate`: have leases, and through
 * them run every action that policy lets it run.
 */
export const API_KEY_SCOPES = ["requests:read", "requests:write", "gate"] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** The roles Holdpoint itself knows. Any other name is a role that requests are routed to. */
export const BUILT_IN_ROLES = ["viewer", "approver", "admin"] as const;

/** Everything that can happen to a request; the names of live events and of its history. */
export const REQUEST_EVENT_TYPES = [
  "request.created",
  "request.endorsed",
  "request.approved",
  "request.rejected",
  "request.expired",
  "request.cancelled",
  "execution.claimed",
  "execution.committed",
  "execution.failed",
  "execution.outcome_unknown",
  "purchase.reserved",
  "purchase.settled",
  "purchase.released",
  "purchase.expired",
  "purchase.refunded",
  "shield.anomaly",
] as const;
export type RequestEventType = (typeof REQUEST_EVENT_TYPES)[number];

/** What happens to a project rather than to a request. Each leaves a receipt, and no live event. */
export const PROJECT_EVENT_TYPES = [
  "policy.changed",
  "shield.changed",
  "action.registered",
  "action.withdrawn",
  "authority.frozen",
  "authority.thawed",
  "lease.issued",
  "lease.revoked",
  "agent.enrolled",
  "agent.revoked",
  "agent.limited",
] as const;
export type ProjectEventType = (typeof PROJECT_EVENT_TYPES)[number];

/** Who did something, as the server knows it. */
export interface WireActor {
  readonly type: "agent" | "operator" | "policy" | "system";
  readonly id: string;
  readonly name?: string;
}

/** One of the approvals that a quorum is made of. */
export interface WireApproval {
  readonly operator: { readonly id: string; readonly name: string };
  readonly at: string;
  /** This operator's words. */
  readonly reason?: string;
}

/** A request as it travels. Times are ISO 8601 UTC with milliseconds. */
export interface WireRequest {
  readonly id: string;
  readonly project_id: string;
  readonly service: string;
  readonly action: string;
  readonly status: RequestStatus;
  readonly priority: Priority;
  /** Only an operator with this role (or an admin) may decide. */
  readonly role?: string;
  /** How many people have to approve, where more than one. One who rejects is enough. */
  readonly quorum?: number;
  /** Who has approved so far, where a quorum has to. */
  readonly approvals?: readonly WireApproval[];
  /** True when `payload` and `patched_payload` are {@link Envelope}s the server cannot open. */
  readonly encrypted: boolean;
  /** Absent in lists unless asked for with `include=payload`. */
  readonly payload?: JsonValue | Envelope;
  readonly patched_payload?: JsonValue | Envelope;
  /** Absent for encrypted requests: whoever holds the key computes it. */
  readonly diff_summary?: Diff;
  /** JSON Schema 2020-12 of the payload. Travels in clear. Absent in lists. */
  readonly schema?: JsonObject;
  /** The operator's words. */
  readonly reason?: string;
  /** The agent behind the API key: known to the server, not claimed. */
  readonly agent: { readonly id: string; readonly name: string };
  /** What the agent calls itself: a claim. */
  readonly agent_label?: string;
  readonly decided_by?: WireActor;
  readonly created_at: string;
  readonly expires_at: string;
  readonly resolved_at?: string;
  readonly execution: { readonly status: ExecutionStatus; readonly id?: string };
  /** One-use authority to run it, while it is approved. */
  readonly grant?: WireGrant;
  /** The receipt of how it left `PENDING`. */
  readonly receipt_id?: string;
  /** A state parked with it. */
  readonly state_id?: string;
  /** What the asking process saw of the world, as `sha256:<hex>` of its canonical JSON. */
  readonly witness_digest?: string;
  /** What had changed since the request it replaces (`parent_request_id`) was approved. */
  readonly witness_change?: JsonValue | Envelope;
  /** Set when retention has deleted `payload`, `patched_payload` and what else was said. */
  readonly contents_deleted_at?: string;
  /** Counts up with every change; a decision names the revision it was made on. */
  readonly revision: number;
  readonly skeleton_hash?: string;
  readonly metadata: JsonObject;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
  /** What the project's policy said of it. Absent where no policy was about it. */
  readonly policy?: WirePolicyJudgement;
  /** How it compares with what the service is known to do. Absent where nothing follows it. */
  readonly shield?: WireShieldVerdict;
  /** Where a person decides it. */
  readonly url: string;
}

/**
 * How far a profile is trusted. `shadow`: it learns from whatever happens, and says what it would have
 * done. `locked`: its surprise has flattened; what departs from it is told and not learnt. `enforce`:
 * what departs from it waits for a person.
 */
export const SHIELD_MODES = ["shadow", "locked", "enforce"] as const;
export type ShieldMode = (typeof SHIELD_MODES)[number];

/**
 * What an anomaly is one for: the way it was reached, the shape of its arguments, a rule, or that its run
 * is paused after several.
 */
export const SHIELD_SIGNALS = [
  "path",
  "structure",
  "velocity",
  "loop",
  "sensitive",
  "run_cost",
  "paused",
] as const;
export type ShieldSignal = (typeof SHIELD_SIGNALS)[number];

/** What a verdict has changed. `warned`: nothing but what people are told. */
export const SHIELD_EFFECTS = ["none", "warned", "held", "denied"] as const;
export type ShieldEffect = (typeof SHIELD_EFFECTS)[number];

/** Kinds of sensitive data that can be looked for in arguments. */
export const SENSITIVE_KINDS = [
  "card_number",
  "iban",
  "email",
  "private_key",
  "access_token",
] as const;
export type SensitiveKind = (typeof SENSITIVE_KINDS)[number];

/** How an intent compares with its service's baseline. */
export interface WireShieldVerdict {
  readonly profile_id: string;
  /** When it was measured. */
  readonly mode: ShieldMode;
  /** Whether it departs from the baseline, or breaks a rule. */
  readonly anomalous: boolean;
  /** For what, where it is an anomaly. */
  readonly signals: readonly ShieldSignal[];
  readonly effect: ShieldEffect;
  /** Of the way and the shape together, to hundredths: 0 is certain, each bit halves the odds. */
  readonly surprise_bits: number;
  readonly path_bits: number;
  readonly structure_bits: number;
  /** Of the time since the step before. Told, never a reason by itself: clocks are claims. */
  readonly timing_bits?: number;
  /** One run in so many has a step as surprising. Absent until enough runs are known. */
  readonly one_in?: number;
  /** Why, in one sentence with numbers. */
  readonly explanation: string;
  /** The action of the step before in its run. Absent at the beginning of one. */
  readonly after?: string;
}

/** What a policy says of one intent. */
export const POLICY_VERDICTS = ["allow", "hold", "deny", "none"] as const;
/** `none`: no policy matched. */
export type PolicyVerdict = (typeof POLICY_VERDICTS)[number];

/** How a request was judged when it was made. */
export interface WirePolicyJudgement {
  /** Of the policy in force; 0 where the project has none. */
  readonly revision: number;
  readonly verdict: PolicyVerdict;
  /** The ids of the policies that decided, in their order. */
  readonly policies: readonly string[];
  /** What the deciding policy gives as its reason. */
  readonly reason?: string;
}

/**
 * One-use authority to run what was approved: `POST /v1/requests/:id/executions` consumes it. Bound
 * to the request and revision it travels with, and to the digest of the approved arguments.
 */
export interface WireGrant {
  readonly id: string;
  readonly revision: number;
  /** `sha256:<hex>` of the canonical JSON of what may run, as it travels: an envelope stays one. */
  readonly approved_digest: string;
  readonly expires_at: string;
}

/** The run under a grant. */
export interface WireExecution {
  readonly id: string;
  readonly request_id: string;
  readonly status: Exclude<ExecutionStatus, "NONE">;
  /** Counts up with every claim. Whoever holds an older one can no longer settle. */
  readonly fencing_token: number;
  readonly idempotent: boolean;
  readonly claimed_at: string;
  readonly lease_expires_at: string;
  readonly settled_at?: string;
  /** True when it was settled by {@link WireReconcile}, not by the run itself. */
  readonly reconciled?: boolean;
  readonly settled_by?: WireActor;
  readonly result?: JsonValue | Envelope;
  readonly error?: JsonValue | Envelope;
  readonly evidence?: JsonValue | Envelope;
}

/** `POST /v1/requests/:id/executions`. The client makes the id, so sending it twice claims once. */
export interface WireClaim {
  readonly id: string;
  readonly grant_id: string;
  readonly approved_digest: string;
  readonly lease_ms?: number;
  /** The action may run again under the same key; an unknown outcome may then be claimed again. */
  readonly idempotent?: boolean;
}

/** `POST /v1/executions/:id/renew`: the lease starts anew. */
export interface WireRenew {
  readonly fencing_token: number;
  readonly lease_ms?: number;
}

/** `POST /v1/executions/:id/commit`. */
export interface WireCommit {
  readonly fencing_token: number;
  readonly result?: JsonValue | Envelope;
}

/** `POST /v1/executions/:id/fail`. */
export interface WireFail {
  readonly fencing_token: number;
  readonly error: JsonValue | Envelope;
}

/** `POST /v1/executions/:id/reconcile`: what turned out to be true of an unknown outcome. */
export interface WireReconcile {
  readonly outcome: "committed" | "failed";
  readonly evidence: JsonValue | Envelope;
  readonly result?: JsonValue | Envelope;
  readonly error?: JsonValue | Envelope;
}

/** `POST /v1/requests`. The client makes the id, so sending it twice creates it once. */
export interface WireCreateRequest {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  readonly payload: JsonValue | Envelope;
  readonly encrypted?: boolean;
  readonly priority?: Priority;
  readonly role?: string;
  readonly schema?: JsonObject;
  readonly timeout_ms?: number;
  readonly agent_label?: string;
  readonly skeleton_hash?: string;
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  readonly metadata?: JsonObject;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
  readonly state_id?: string;
  readonly witness_digest?: string;
  readonly witness_change?: JsonValue | Envelope;
}

/** `POST /v1/requests/:id/decision`, operators only. */
export type WireDecision =
  | {
      readonly decision: "approve";
      readonly revision: number;
      readonly patched_payload?: JsonValue | Envelope;
      readonly reason?: string;
    }
  | { readonly decision: "reject"; readonly revision: number; readonly reason?: string };

/** One line of a request's history, and one live event. Carries no payload. */
export interface WireEvent {
  readonly id: string;
  readonly type: RequestEventType;
  readonly request_id: string;
  readonly at: string;
  readonly actor: WireActor;
  readonly service: string;
  readonly action: string;
  readonly status: RequestStatus;
  readonly priority: Priority;
  readonly reason?: string;
  /** Its receipt: `rcp_` and the digits of the event's id. */
  readonly receipt_id: string;
  /** With `execution.*`. */
  readonly execution?: {
    readonly id: string;
    readonly fencing_token: number;
    readonly reconciled?: boolean;
  };
  /** With `purchase.*`. */
  readonly purchase?: WirePurchasePart;
}

/** What `purchase.*` events say of the money. */
export interface WirePurchasePart {
  /** What was moved: held, paid, given back. */
  readonly amount_minor: number;
  readonly currency: string;
  readonly category: string;
  readonly payee?: string;
  /** Confirmed after the hold had expired. */
  readonly late?: true;
}

/** `POST /v1/states`. */
export interface WireCreateState {
  readonly id: string;
  /** The key of its segments: an {@link Envelope}, or 32 bytes as base64url for the server to seal. */
  readonly key: string | Envelope;
  /** Bytes as they will be uploaded, where known: what is too large is refused at once. */
  readonly size_bytes?: number;
}

/** A parked state. Its bytes go to and come from signed URLs that need no credential. */
export interface WireState {
  readonly id: string;
  readonly created_at: string;
  readonly size_bytes?: number;
  readonly uploaded_at?: string;
  readonly deleted_at?: string;
  readonly key?: string | Envelope;
  /** Answered when it is made. `PUT` the encrypted bytes. */
  readonly upload_url?: string;
  /** Answered when it is read and uploaded. */
  readonly download_url?: string;
  readonly url_expires_at?: string;
}

/** One entry of `POST /v1/records`, which puts all of them or none. */
export interface WirePutRecord {
  readonly key: string;
  readonly value: JsonValue | Envelope;
  /** `value` is an {@link Envelope}, bound to this key. */
  readonly encrypted?: boolean;
  /** Leaves an entry that is there as it is. */
  readonly if_absent?: boolean;
}

/** `POST /v1/records`. */
export interface WirePutRecords {
  readonly records: readonly WirePutRecord[];
}

/** What an agent keeps under a key of its own. */
export interface WireRecord {
  readonly key: string;
  readonly value: JsonValue | Envelope;
  readonly encrypted: boolean;
  readonly updated_at: string;
}

/** One entry of `POST /v1/observations`. The client makes the id, so sending it twice counts once. */
export interface WireObserve {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  readonly skeleton_hash?: string;
  /** Equal for equal arguments of one process, and no use to anybody else: a keyed hash. */
  readonly fingerprint?: string;
  /** What was found in the arguments, where the client looks. */
  readonly sensitive?: readonly SensitiveKind[];
  readonly run_id?: string;
  readonly parent_request_id?: string;
  readonly environment?: string;
  readonly agent_label?: string;
  /** The last step of its run. Else a run is over once nothing has happened in it for a while. */
  readonly ends_run?: true;
  /** By the agent's clock: a claim. */
  readonly observed_at: string;
}

/** `POST /v1/observations`. */
export interface WireCreateObservations {
  readonly observations: readonly WireObserve[];
}

/** A call of an agent's that nobody had to approve. */
export interface WireObservation extends WireObserve {
  /** The agent behind the API key: known to the server, not claimed. */
  readonly agent: { readonly id: string; readonly name: string };
  readonly received_at: string;
}

/** Where events go. */
export interface WireWebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  /** Absent: every type. */
  readonly event_types?: readonly RequestEventType[];
  readonly enabled: boolean;
  readonly created_at: string;
  /** The newest secrets' last characters, newest first; two during a rotation. */
  readonly secrets: readonly { readonly hint: string; readonly expires_at?: string }[];
  /** The whole secret (`whsec_…`): answered once, when it is made or rotated. */
  readonly secret?: string;
}

export const WEBHOOK_DELIVERY_STATUSES = ["PENDING", "DELIVERED", "DEAD"] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** One event on its way to one endpoint. */
export interface WireWebhookDelivery {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: RequestEventType | "webhook.test";
  readonly request_id?: string;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: number;
  readonly created_at: string;
  readonly next_attempt_at?: string;
  readonly delivered_at?: string;
  /** The last attempt: HTTP status, or a word for what failed before there was one. */
  readonly last_status?: number;
  readonly last_error?: string;
  readonly last_attempt_at?: string;
}

/** The body of a webhook. The `webhook-id` header is the event's id. */
export interface WireWebhookEvent {
  readonly type: RequestEventType | "webhook.test";
  readonly timestamp: string;
  readonly data: {
    readonly event?: WireEvent;
    /** The request as it stood when the event happened to it, or later. */
    readonly request?: WireRequest;
    readonly execution?: WireExecution;
    /** Where the request is a purchase. */
    readonly purchase?: WirePurchase;
  };
}

/** `GET /v1/receipts/:id`. The file that `holdpoint verify` reads is exactly this. */
export interface WireReceipt {
  readonly id: string;
  /** A JWS in compact form (RFC 7515), EdDSA with Ed25519, over the canonical JSON of the receipt. */
  readonly jws: string;
  /** Absent until the log has taken it in. */
  readonly log?: {
    readonly index: number;
    /** Hashes from leaf to root (RFC 9162 §2.1.3), base64. */
    readonly inclusion_proof: readonly string[];
    /** A C2SP tlog-checkpoint: a signed note. */
    readonly checkpoint: string;
  };
}

/** What a receipt says, canonical (RFC 8785) in the payload of its JWS: one event. */
export type WireReceiptContent = WireRequestReceiptContent | WireProjectReceiptContent;

/**
 * An event of a request, and the digests of what it is about, each `sha256:<hex>` of canonical JSON
 * as it travels: an envelope stays one.
 */
export interface WireRequestReceiptContent {
  readonly version: 1;
  readonly id: string;
  readonly type: RequestEventType;
  readonly project_id: string;
  readonly request_id: string;
  readonly agent_id: string;
  readonly at: string;
  readonly actor: WireActor;
  readonly service: string;
  readonly action: string;
  readonly priority: Priority;
  /** Of the request, after the event. */
  readonly status: RequestStatus;
  readonly revision: number;
  /** Absent for requests older than digests. */
  readonly payload_digest?: string;
  /** What may run, once approved. */
  readonly approved_digest?: string;
  /** The operator's words. */
  readonly reason_digest?: string;
  /** With `execution.*`. */
  readonly execution?: {
    readonly id: string;
    readonly fencing_token: number;
    readonly reconciled?: true;
    readonly result_digest?: string;
    readonly error_digest?: string;
    readonly evidence_digest?: string;
  };
  /** With `purchase.*`. */
  readonly purchase?: WirePurchasePart;
  /** Where a policy was asked. */
  readonly policy?: {
    readonly revision: number;
    readonly verdict: PolicyVerdict;
    readonly policies: readonly string[];
  };
  /** Where the gate runs it. */
  readonly gate?: WireGatePart;
  /** Where the shield measured it. */
  readonly shield?: WireShieldPart;
}

/** What receipts say of the shield's verdict. */
export type WireShieldPart = Pick<
  WireShieldVerdict,
  | "profile_id"
  | "mode"
  | "anomalous"
  | "signals"
  | "effect"
  | "surprise_bits"
  | "one_in"
  | "explanation"
>;

/** What receipts say of a call that the gate runs. */
export interface WireGatePart {
  readonly action_version: string;
  /** Of the manifest, as `sha256:<hex>` of its canonical JSON. */
  readonly action_digest: string;
  readonly session_id: string;
  readonly lease_id: string;
  /** With `execution.*`: who let it run. */
  readonly approved_by?: WireActor;
  /** With `execution.committed`: whether the effect was seen to be there. */
  readonly verification?: GateVerificationStatus;
}

/** `unverifiable`: the manifest says that nobody can look. `not_run`: there was nothing to look at. */
export const GATE_VERIFICATIONS = ["verified", "failed", "unverifiable", "not_run"] as const;
export type GateVerificationStatus = (typeof GATE_VERIFICATIONS)[number];

/** An event of a project: a change of what binds its agents. */
export interface WireProjectReceiptContent {
  readonly version: 1;
  readonly id: string;
  readonly type: ProjectEventType;
  readonly project_id: string;
  readonly at: string;
  readonly actor: WireActor;
  /** Where it concerns one agent. */
  readonly agent_id?: string;
  readonly subject: {
    /** The lease, action, agent identity, agent or shield profile; the project where it is about all of it. */
    readonly id: string;
    /** Of a policy; the epoch of an authority. */
    readonly revision?: number;
    /** Of an action: its version. */
    readonly version?: string;
    /** `sha256:<hex>` of what was set, as canonical JSON. */
    readonly digest?: string;
  };
}

/** One line of `GET /v1/receipts`: a receipt and its place in the log. */
export interface WireLoggedReceipt {
  readonly id: string;
  readonly jws: string;
  readonly index: number;
}

/** A key that signs receipts or checkpoints, as a JWK (RFC 8037) of `/.well-known/jwks.json`. */
export interface WireSigningKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly alg: "EdDSA";
  readonly use: "sig";
  readonly key_ops: readonly ["verify"];
  readonly x: string;
  /** Its RFC 7638 thumbprint. */
  readonly kid: string;
  readonly holdpoint_purpose: "receipt" | "log" | "lease";
  /** Absent on the first key of its purpose. */
  readonly holdpoint_not_before?: string;
  /** Once another key has taken its place. A receipt of a later `at` is not to be trusted. */
  readonly holdpoint_not_after?: string;
  /** With the log's keys: the C2SP signed-note verifier key. */
  readonly holdpoint_vkey?: string;
}

/** `GET /.well-known/jwks.json`: every key there ever was, newest first. */
export interface WireSigningKeys {
  readonly keys: readonly WireSigningKey[];
}

/** `POST /v1/signing-keys/rotate`. */
export interface WireRotateSigningKey {
  /** The key to retire. Naming it makes a repeated call harmless. */
  readonly kid: string;
}

export interface WireList<Item> {
  readonly data: readonly Item[];
  /** Send as `cursor` for the next page; `null` at the end. */
  readonly next_cursor: string | null;
}

/** The project's own details. */
export interface WireProject {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}

export interface WireAgent {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}

/** An API key, without its secret. */
export interface WireApiKey {
  readonly id: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** The prefix and the last characters, enough to recognise it: `hp_…x4Kq9Z`. */
  readonly hint: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly last_used_at?: string;
  readonly revoked_at?: string;
}

export interface WireOperator {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly created_at: string;
}

/** An operator's token for the terminal, without its secret. */
export interface WireOperatorToken {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly created_at: string;
  readonly expires_at?: string;
  readonly last_used_at?: string;
  readonly revoked_at?: string;
}

/** `GET /v1/me`: who the server takes the caller for. */
export type WireIdentity =
  | {
      readonly type: "agent";
      readonly project: WireProject;
      readonly agent: { readonly id: string; readonly name: string };
      /** Those of an API key; with a lease also `actions:<id>`. */
      readonly scopes: readonly string[];
    }
  | {
      readonly type: "operator";
      readonly operator: { readonly id: string; readonly email: string; readonly name: string };
      readonly projects: readonly (WireProject & { readonly roles: readonly string[] })[];
    };
