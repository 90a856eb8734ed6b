import type { Diff } from "./diff.js";
import type { Envelope } from "./envelope/shape.js";
import type { JsonObject, JsonValue } from "./json.js";
import type { ExecutionStatus, RequestStatus } from "./status.js";

/** How urgent, most urgent last. */
export const PRIORITIES = ["low", "medium", "high", "critical"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What an agent's API key may do. No scope lets an agent decide. */
export const API_KEY_SCOPES = ["requests:read", "requests:write"] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** The roles Holdpoint itself knows. Any other name is a role that requests are routed to. */
export const BUILT_IN_ROLES = ["viewer", "approver", "admin"] as const;

/** Everything that can happen to a request; the names of live events and of its history. */
export const REQUEST_EVENT_TYPES = [
  "request.created",
  "request.approved",
  "request.rejected",
  "request.expired",
  "request.cancelled",
] as const;
export type RequestEventType = (typeof REQUEST_EVENT_TYPES)[number];

/** Who did something, as the server knows it. */
export interface WireActor {
  readonly type: "agent" | "operator" | "policy" | "system";
  readonly id: string;
  readonly name?: string;
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
  readonly execution: { readonly status: ExecutionStatus };
  /** Counts up with every change; a decision names the revision it was made on. */
  readonly revision: number;
  readonly skeleton_hash?: string;
  readonly metadata: JsonObject;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
  /** Where a person decides it. */
  readonly url: string;
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
  readonly metadata?: JsonObject;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
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
      readonly scopes: readonly ApiKeyScope[];
    }
  | {
      readonly type: "operator";
      readonly operator: { readonly id: string; readonly email: string; readonly name: string };
      readonly projects: readonly (WireProject & { readonly roles: readonly string[] })[];
    };
