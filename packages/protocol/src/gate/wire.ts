import type { JsonObject, JsonValue } from "../json.js";
import type { WireMoney } from "../spend/wire.js";
import type { ExecutionStatus, RequestStatus } from "../status.js";
import type {
  GateVerificationStatus,
  Priority,
  SensitiveKind,
  WireActor,
  WirePolicyJudgement,
} from "../wire.js";
import type {
  ActionApproval,
  ActionCost,
  ActionEgress,
  ActionManifest,
  ActionVerification,
} from "./manifest.js";

/** The service under which calls of the gate stand in the inbox. The server says so, never the agent. */
export const GATE_SERVICE = "gate";

/** The id of who refuses a call, a policy, where the session's budget or the agent's day is used up. */
export const LEASE_BUDGET_ID = "lease-budget";

/** A public P-256 key as a JWK (RFC 7518 §6.2). */
export interface PublicP256Jwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/**
 * `POST /v1/leases`, with `Authorization: Bearer` an API key or an agent's assertion, and `DPoP` a
 * proof by the key that the lease is to be bound to.
 */
export interface WireCreateLease {
  /** Goes on with this session: its scopes and what is left of its budget stay as they are. */
  readonly session_id?: string;
  /**
   * Some of the credential's own, or `actions:<id>` for single actions. Default: all of the
   * credential's.
   */
  readonly scopes?: readonly string[];
  /** Calls of `execute` in the whole session. Default: no limit of its own. */
  readonly max_calls?: number;
  /** What the calls of the whole session may cost together. */
  readonly max_cost?: WireMoney;
  readonly ttl_seconds?: number;
}

/** The answer, and the only one that carries the token. */
export interface WireIssuedLease {
  readonly id: string;
  readonly session_id: string;
  readonly token_type: "DPoP";
  /** A JWT (RFC 9068) with `cnf.jkt` (RFC 9449 §6). To its holder an opaque text. */
  readonly token: string;
  readonly project_id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly issued_at: string;
  readonly expires_at: string;
  readonly budget: WireLeaseBudget;
}

/** Of the session: all its leases draw on it. */
export interface WireLeaseBudget {
  readonly calls: number;
  readonly max_calls?: number;
  readonly cost?: WireMoney;
  readonly max_cost?: WireMoney;
}

/** `GET /v1/leases`, operators only. */
export interface WireLease {
  readonly id: string;
  readonly session_id: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** RFC 7638 thumbprint of the key it is bound to. */
  readonly key_thumbprint: string;
  readonly scopes: readonly string[];
  /** `revoked` also by a freeze. */
  readonly status: "live" | "expired" | "revoked";
  readonly issued_at: string;
  readonly expires_at: string;
  readonly revoked_at?: string;
  readonly revoked_by?: WireActor;
  readonly budget: WireLeaseBudget;
  readonly receipt_id: string;
}

/** `GET` and `PUT /v1/authority`: whether anything may run at all. */
export interface WireAuthority {
  readonly frozen: boolean;
  /** Counts up with every freeze. What was approved or leased under an older one never runs. */
  readonly epoch: number;
  readonly changed_at?: string;
  readonly changed_by?: WireActor;
  readonly reason?: string;
  readonly receipt_id?: string;
}

export interface WireSetAuthority {
  readonly frozen: boolean;
  readonly reason?: string;
}

/** `POST /v1/enrolments`, admins only. */
export interface WireCreateEnrolment {
  /** The agent's name. It is made when there is none. */
  readonly agent: string;
  readonly scopes?: readonly string[];
  readonly expires_in_ms?: number;
}

export interface WireEnrolment {
  readonly id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  /** `hpe_…`: answered once. Whoever has it first enrols a key of theirs, once. */
  readonly code: string;
  readonly expires_at: string;
}

/** `POST /v1/agent-identities`: an agent enrols its own key, proved by `DPoP`. */
export interface WireEnrol {
  readonly code: string;
}

/** A key of an agent's own, by which it authenticates without any shared secret. */
export interface WireAgentIdentity {
  readonly id: string;
  readonly project_id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly key_thumbprint: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly enrolled_by: WireActor;
  readonly last_used_at?: string;
  readonly revoked_at?: string;
  readonly receipt_id: string;
}

/** `PUT /v1/agents/:id/limits`, admins only: the most an agent may have, whatever it asks for. */
export interface WireAgentLimits {
  /** Scopes its leases may have. Absent: those of its credential. */
  readonly scopes?: readonly string[];
  /** Calls of `execute` in one day (UTC), over all sessions. */
  readonly max_calls_per_day?: number;
  readonly max_cost_per_day?: WireMoney;
}

/** `GET /v1/agents/:id`. */
export interface WireAgentDetails {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly limits: WireAgentLimits;
  /** Of this day (UTC). */
  readonly used: { readonly calls: number; readonly cost?: WireMoney };
  readonly identities: readonly WireAgentIdentity[];
}

/** One action as an agent sees it. `GET /v1/actions` lists those it may use, with their schemas. */
export interface WireAction {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly title: string;
  readonly description: string;
  readonly risk: Priority;
  readonly approval: ActionApproval;
  readonly parameters: JsonObject;
  readonly result?: JsonObject;
  readonly egress: ActionEgress;
  readonly cost?: ActionCost;
  readonly verification: ActionVerification["type"];
  readonly returns_output: boolean;
  /** For operators only. */
  readonly registration?: WireActionRegistration;
}

export interface WireActionRegistration {
  readonly manifest: ActionManifest;
  readonly registered_at: string;
  readonly registered_by: WireActor;
  readonly withdrawn_at?: string;
  readonly receipt_id: string;
  /** Calls that were run, over all versions. */
  readonly calls: number;
  readonly last_called_at?: string;
}

/** `GET /v1/actions/:id/egress`. */
export interface WireActionEgress {
  readonly action: string;
  readonly version: string;
  readonly egress: ActionEgress;
}

/** `POST /v1/actions/:id/execute`. The client makes the id, so sending it twice runs once. */
export interface WireExecuteAction {
  /** `req_…`. With the id of a held call that a person has approved, it runs what was approved. */
  readonly id: string;
  /** May be left out where `id` names a held call. */
  readonly parameters?: JsonObject;
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  /** Milliseconds a person has to decide, where one is asked. */
  readonly timeout_ms?: number;
  readonly agent_label?: string;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
}

/** `outcome_unknown`: nobody can say whether it has had its effect. */
export const GATE_OUTCOMES = ["success", "failed", "outcome_unknown"] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** 200: it was run, now or before. */
export interface WireGateResult {
  /** `req_…`. */
  readonly id: string;
  readonly execution_id: string;
  readonly action: string;
  readonly action_version: string;
  readonly action_digest: string;
  readonly outcome: GateOutcome;
  /** With `success`, where the manifest returns it. */
  readonly output?: JsonValue;
  /** With `failed` and `outcome_unknown`. */
  readonly error?: WireGateError;
  readonly verification: WireGateVerification;
  /** Whether it succeeded, and its effect was seen or is declared unverifiable. */
  readonly fully_successful: boolean;
  readonly approved_by?: WireActor;
  readonly receipt_id: string;
  readonly session_id: string;
  readonly started_at: string;
  readonly finished_at?: string;
  /** The answer was on record: nothing ran for this call. */
  readonly replayed?: true;
}

/** What kept an action from its effect. Never names what stands behind the gate. */
export const GATE_FAULTS = [
  "egress_refused",
  "secret_missing",
  "request_too_large",
  "name_not_found",
  "connection_failed",
  "tls_failed",
  "timeout",
  "response_too_large",
  "response_invalid",
  "refused_by_service",
  "module_failed",
  "tool_failed",
  "interrupted",
] as const;
export type GateFault = (typeof GATE_FAULTS)[number];

export interface WireGateError {
  readonly code: GateFault;
  readonly message: string;
  /** With `refused_by_service`: its HTTP status. */
  readonly status?: number;
}

export interface WireGateVerification {
  readonly status: GateVerificationStatus;
  readonly detail?: string;
}

/** 202: a person has to decide first; and `GET /v1/approvals/:id`. */
export interface WireGateApproval {
  /** `req_…`. */
  readonly id: string;
  readonly action: string;
  readonly action_version: string;
  readonly action_digest: string;
  readonly status: RequestStatus;
  readonly execution_status: ExecutionStatus;
  readonly role?: string;
  readonly reason?: string;
  readonly decided_by?: WireActor;
  readonly policy?: WirePolicyJudgement;
  readonly expires_at: string;
  readonly resolved_at?: string;
  readonly url: string;
  /** Once it was run. */
  readonly result?: WireGateResult;
}

/** `GET /v1/secrets`: names, never values. */
export interface WireSecret {
  readonly name: string;
  readonly updated_at: string;
  readonly updated_by: WireActor;
}

export interface WireSetSecret {
  readonly value: string;
}

/** `POST /v1/wasm-modules`. */
export interface WireCreateWasmModule {
  /** Its bytes, base64. */
  readonly module: string;
}

export interface WireWasmModule {
  readonly digest: string;
  readonly size_bytes: number;
  readonly created_at: string;
}
