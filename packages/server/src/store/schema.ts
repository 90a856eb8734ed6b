import type {
  ExecutionStatus,
  GateVerificationStatus,
  Priority,
  ProjectEventType,
  RequestEventType,
  RequestStatus,
  ShieldEffect,
  ShieldMode,
  WebhookDeliveryStatus,
  WireActor,
} from "@holdpoint/protocol";
import type { EscrowStage } from "@holdpoint/protocol/escrow";
import type { ShieldAnswer } from "@holdpoint/protocol/shield";
import type {
  HoldStatus,
  JudgedOutcome,
  LedgerAccount,
  LedgerKind,
  SpendScope,
  SpendWindow,
} from "@holdpoint/protocol/spend";
import type { Generated } from "kysely";
import type { ShieldSource } from "../domain/shield/entry.js";
import type { SigningPurpose } from "../receipts/signing-key.js";

/** Values whose stored form the dialect chooses, written and read through its functions. */
type Encoded = unknown;

/** Every table as a row. Names of columns are those of the database. */
export interface Schema {
  master_keys: MasterKeyRow;
  projects: ProjectRow & { organisation_id: Generated<string | null> };
  agents: AgentRow & { [Limit in keyof AgentLimitRow]: Generated<AgentLimitRow[Limit]> };
  api_keys: ApiKeyRow;
  requests: RequestRow;
  events: EventRow;
  states: StateRow;
  executions: ExecutionRow;
  idempotency_keys: IdempotencyKeyRow;
  records: RecordRow;
  memberships: MembershipRow;
  operator_tokens: OperatorTokenRow;
  user: UserRow;
  signing_keys: SigningKeyRow;
  receipts: ReceiptRow;
  log_head: LogHeadRow;
  log_tiles: LogTileRow;
  webhook_endpoints: WebhookEndpointRow;
  webhook_deliveries: WebhookDeliveryRow;
  organisations: OrganisationRow;
  approvals: ApprovalRow;
  spend_accounts: SpendAccountRow;
  ledger_entries: LedgerEntryRow;
  purchases: PurchaseRow;
  refunds: RefundRow;
  spend_windows: SpendWindowRow;
  spend_policies: SpendPolicyRow;
  kill_switches: KillSwitchRow;
  agent_keys: AgentKeyRow;
  escrows: EscrowRow;
  project_events: ProjectEventRow;
  authorities: AuthorityRow;
  enrolments: EnrolmentRow;
  agent_identities: AgentIdentityRow;
  gate_sessions: GateSessionRow;
  leases: LeaseRow;
  used_proofs: UsedProofRow;
  gate_days: GateDayRow;
  actions: ActionRow;
  secrets: SecretRow;
  wasm_modules: WasmModuleRow;
  gate_calls: GateCallRow;
  policies: PolicyRow;
  shield_profiles: ShieldProfileRow;
  shield_entries: ShieldEntryRow;
  shield_runs: ShieldRunRow;
  shield_snapshots: ShieldSnapshotRow;
}

export interface MasterKeyRow {
  id: string;
}

export interface ProjectRow {
  id: string;
  name: string;
  created_at: number;
}

export interface AgentRow {
  id: string;
  project_id: string;
  name: string;
  created_at: number;
}

/** The most an agent may have. Null: no limit. */
export interface AgentLimitRow {
  lease_scopes: Encoded | null;
  max_calls_per_day: number | null;
  max_cost_per_day: number | null;
  /** Of `max_cost_per_day`. */
  cost_currency: string | null;
}

export interface ApiKeyRow {
  id: string;
  project_id: string;
  agent_id: string;
  secret_hash: string;
  hint: string;
  scopes: Encoded;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface RequestRow {
  id: string;
  project_id: string;
  agent_id: string;
  agent_name: string;
  agent_label: string | null;
  service: string;
  action: string;
  status: RequestStatus;
  /** 0 is the most urgent, so that triage order is ascending in every column. */
  urgency: number;
  role: string | null;
  /** Null where one approval is enough. */
  quorum: number | null;
  encrypted: Encoded;
  decided_by_type: WireActor["type"] | null;
  decided_by_id: string | null;
  decided_by_name: string | null;
  created_at: number;
  expires_at: number;
  resolved_at: number | null;
  execution_status: ExecutionStatus;
  revision: number;
  skeleton_hash: string | null;
  environment: string | null;
  run_id: string | null;
  parent_request_id: string | null;
  digest: string;
  metadata: Encoded;
  master_key_id: string;
  data_key: Uint8Array;
  sealed_reason: Uint8Array | null;
  schema: Encoded | null;
  sealed_payload: Uint8Array;
  sealed_patch: Uint8Array | null;
  sealed_diff: Uint8Array | null;
  /** Null where the request is older than digests. */
  payload_digest: string | null;
  approved_digest: string | null;
  grant_id: string | null;
  grant_expires_at: number | null;
  resolution_event_id: string | null;
  execution_id: string | null;
  witness_digest: string | null;
  sealed_witness_change: Uint8Array | null;
  state_id: string | null;
  contents_deleted_at: number | null;
  /** The epoch of the project's authority when the grant was made. */
  grant_epoch: number;
  /** How the policy judged it; null where none was asked. */
  policy: Encoded | null;
  /** How the shield found it; null where it was not measured. */
  shield: Encoded | null;
}

export interface StateRow {
  id: string;
  project_id: string;
  agent_id: string;
  digest: string;
  created_at: number;
  size_bytes: number | null;
  uploaded_at: number | null;
  attached_at: number | null;
  deleting_at: number | null;
  deleted_at: number | null;
  master_key_id: string;
  /** Null once deleted. */
  sealed_key: Uint8Array | null;
}

export interface EventRow {
  sequence: Generated<number>;
  id: string;
  project_id: string;
  request_id: string;
  agent_id: string;
  type: RequestEventType;
  status: RequestStatus;
  at: number;
  actor_type: WireActor["type"];
  actor_id: string;
  actor_name: string | null;
  execution_id: string | null;
  fencing_token: number | null;
  reconciled: Encoded | null;
  /** With `purchase.*`. */
  amount_minor: number | null;
  late: Encoded | null;
}

/** An event that has no number yet. */
export type NewEventRow = Omit<EventRow, "sequence">;

export interface ExecutionRow {
  id: string;
  request_id: string;
  project_id: string;
  agent_id: string;
  status: Exclude<ExecutionStatus, "NONE">;
  fencing_token: number;
  idempotent: Encoded;
  /** The id under which it was claimed last: another than `id` once claimed again. */
  claim_id: string;
  claimed_at: number;
  lease_expires_at: number;
  settled_at: number | null;
  reconciled: Encoded;
  settled_by_type: WireActor["type"] | null;
  settled_by_id: string | null;
  settled_by_name: string | null;
  result_digest: string | null;
  error_digest: string | null;
  evidence_digest: string | null;
  sealed_result: Uint8Array | null;
  sealed_error: Uint8Array | null;
  sealed_evidence: Uint8Array | null;
}

export interface IdempotencyKeyRow {
  /** SHA-256 of the key in its scope, as hex. */
  id: string;
  body_digest: string;
  created_at: number;
  /** Counts up with every run. */
  fence: number;
  lease_expires_at: number;
  answered: Encoded;
  master_key_id: string;
  sealed: Uint8Array;
}

export interface RecordRow {
  project_id: string;
  agent_id: string;
  /** Ordered by its bytes. */
  key: string;
  updated_at: number;
  encrypted: Encoded;
  bytes: number;
  master_key_id: string;
  data_key: Uint8Array;
  sealed_value: Uint8Array;
}

/** Projects whose money is one. */
export interface OrganisationRow {
  id: string;
  name: string;
  created_at: number;
}

/** One operator's approval of a request that a quorum has to approve. */
export interface ApprovalRow {
  request_id: string;
  project_id: string;
  operator_id: string;
  operator_name: string;
  at: number;
  /** Under the key of the request. */
  sealed_reason: Uint8Array | null;
}

/** What a scope has in one currency, kept up with its ledger in the same transactions. */
export interface SpendAccountRow {
  id: string;
  scope: SpendScope;
  /** Of the agent, the project or the organisation. */
  scope_id: string;
  currency: string;
  /** Null: no budget is set. */
  allocated: number | null;
  held: number;
  spent: number;
  created_at: number;
  updated_at: number;
}

/** Never changed, never deleted. `amount` leaves one account and enters the other. */
export interface LedgerEntryRow {
  id: string;
  spend_account_id: string;
  kind: LedgerKind;
  from_account: LedgerAccount;
  to_account: LedgerAccount;
  amount: number;
  at: number;
  actor_type: WireActor["type"];
  actor_id: string;
  actor_name: string | null;
  request_id: string | null;
  /** Of the event whose receipt proves it. */
  event_id: string | null;
}

export interface PurchaseRow {
  request_id: string;
  project_id: string;
  agent_id: string;
  /** The project's, when the money was reserved. */
  organisation_id: string | null;
  currency: string;
  amount: number;
  /** Where a person lowered it. */
  approved_amount: number | null;
  actual_amount: number | null;
  refunded_amount: number;
  category: string;
  merchant_name: string | null;
  payee: string | null;
  x402: Encoded | null;
  /** As judged when it was made. */
  checks: Encoded;
  outcome: JudgedOutcome;
  hold: HoldStatus;
  /** Which windows it counts in, whatever becomes of it. */
  reserved_at: number;
  /** While approved and held. */
  hold_expires_at: number | null;
  confirmed_at: number | null;
  late: Encoded;
  /** SHA-256 of the confirmation, which recognises the same one sent again. */
  confirm_digest: string | null;
  receipt_url: string | null;
  external_id: string | null;
}

export interface RefundRow {
  id: string;
  project_id: string;
  request_id: string;
  amount: number;
  reason: string | null;
  at: number;
  operator_id: string;
}

/** How much of an account was reserved in one window of one time zone, less what came back. */
export interface SpendWindowRow {
  spend_account_id: string;
  kind: SpendWindow;
  time_zone: string;
  starts_at: number;
  ends_at: number;
  amount: number;
}

/** Every revision; the newest is in force. */
export interface SpendPolicyRow {
  id: string;
  project_id: string;
  scope: "agent" | "project";
  scope_id: string;
  revision: number;
  /** Null: taken away. */
  policy: Encoded | null;
  created_at: number;
  created_by_type: WireActor["type"];
  created_by_id: string;
  created_by_name: string | null;
}

export interface KillSwitchRow {
  project_id: string;
  scope: "agent" | "project";
  scope_id: string;
  stopped: Encoded;
  reason: string | null;
  changed_at: number;
  changed_by_type: WireActor["type"];
  changed_by_id: string;
  changed_by_name: string | null;
}

/** A public key of an agent's. Never changed, never deleted. */
export interface AgentKeyRow {
  project_id: string;
  /** RFC 7638 thumbprint. */
  key_id: string;
  agent_id: string;
  /** 32 bytes as base64url. */
  x: string;
  created_at: number;
  attestation: string;
}

/** What is signed and agreed about money that a purchase holds. */
export interface EscrowRow {
  id: string;
  project_id: string;
  request_id: string;
  payer_agent_id: string;
  payee_agent_id: string;
  payer_key_id: string;
  payee_key_id: string;
  stage: EscrowStage;
  fulfil_by: number;
  release_by: number;
  parent_id: string | null;
  /** The first of its chain; its own where it passes on from none. */
  root_id: string;
  /** Compact JWS, in the order they were signed. */
  steps: Encoded;
  /** Sealed under the key of its request. */
  sealed_result: Uint8Array | null;
  sealed_reason: Uint8Array | null;
  disputed_by_type: WireActor["type"] | null;
  disputed_by_id: string | null;
  disputed_by_name: string | null;
  dispute_request_id: string | null;
  /** When somebody has to look at it: a time of it is up then, or that of the question to a person. */
  due_at: number | null;
  created_at: number;
  fulfilled_at: number | null;
  ended_at: number | null;
}

export interface MembershipRow {
  project_id: string;
  operator_id: string;
  roles: Encoded;
  created_at: number;
}

export interface OperatorTokenRow {
  id: string;
  project_id: string;
  operator_id: string;
  name: string;
  secret_hash: string;
  hint: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** A person who signs in. Column names are better-auth's. */
export interface UserRow {
  id: string;
  name: string;
  email: string;
  emailVerified: Encoded;
  image: string | null;
  createdAt: Encoded;
  updatedAt: Encoded;
}

export interface WebhookEndpointRow {
  id: string;
  project_id: string;
  url: string;
  description: string | null;
  event_types: Encoded | null;
  enabled: Encoded;
  created_at: number;
  deleted_at: number | null;
  secret_hint: string;
  previous_hint: string | null;
  previous_expires_at: number | null;
  master_key_id: string;
  data_key: Uint8Array;
  /** Null once deleted. */
  sealed_secret: Uint8Array | null;
  sealed_previous_secret: Uint8Array | null;
}

export interface WebhookDeliveryRow {
  id: string;
  project_id: string;
  endpoint_id: string;
  event_id: string;
  type: RequestEventType | "webhook.test";
  request_id: string | null;
  status: WebhookDeliveryStatus;
  attempts: number;
  fence: number;
  created_at: number;
  /** While pending: when it is due, or when the lease of whoever sends it runs out. */
  next_attempt_at: number | null;
  delivered_at: number | null;
  last_status: number | null;
  last_error: string | null;
  last_attempt_at: number | null;
}

export interface SigningKeyRow {
  kid: string;
  purpose: SigningPurpose;
  /** Counts up within its purpose; the highest signs. */
  generation: number;
  public_key: Uint8Array;
  not_before: number | null;
  not_after: number | null;
  master_key_id: string;
  sealed_seed: Uint8Array;
}

export interface ReceiptRow {
  sequence: Generated<number>;
  id: string;
  project_id: string;
  agent_id: string;
  /** Null until the log has taken it in. */
  log_index: number | null;
  jws: string;
}

export interface LogHeadRow {
  id: number;
  origin: string;
  size: number;
  kid: string;
  checkpoint: string;
}

export interface LogTileRow {
  level: number;
  place: number;
  bytes: Uint8Array;
}

/** Who did it, in the columns of a row. */
export type ActorColumns<Prefix extends string> = {
  [Column in `${Prefix}_type`]: WireActor["type"];
} & { [Column in `${Prefix}_id`]: string } & { [Column in `${Prefix}_name`]: string | null };

/** What happened to a project rather than to a request. Never changed, never deleted. */
export type ProjectEventRow = ActorColumns<"actor"> & {
  id: string;
  project_id: string;
  type: ProjectEventType;
  at: number;
  agent_id: string | null;
  subject: Encoded;
};

/** Absent: never frozen, and the epoch is 0. */
export type AuthorityRow = ActorColumns<"changed_by"> & {
  project_id: string;
  epoch: number;
  frozen: Encoded;
  reason: string | null;
  changed_at: number;
  event_id: string;
};

export type EnrolmentRow = ActorColumns<"created_by"> & {
  id: string;
  project_id: string;
  agent_id: string;
  code_hash: string;
  scopes: Encoded;
  created_at: number;
  expires_at: number;
  used_at: number | null;
};

export type AgentIdentityRow = ActorColumns<"enrolled_by"> & {
  id: string;
  project_id: string;
  agent_id: string;
  key_thumbprint: string;
  public_key: Encoded;
  scopes: Encoded;
  created_at: number;
  event_id: string;
  last_used_at: number | null;
  revoked_at: number | null;
};

/** What all leases of a session share. */
export interface GateSessionRow {
  id: string;
  project_id: string;
  agent_id: string;
  scopes: Encoded;
  epoch: number;
  calls: number;
  max_calls: number | null;
  cost: number;
  max_cost: number | null;
  /** Of `cost` and `max_cost`; null until something has cost anything. */
  currency: string | null;
  created_at: number;
}

export interface LeaseRow {
  id: string;
  project_id: string;
  agent_id: string;
  session_id: string;
  /** The API key or agent identity it was issued to. */
  credential_id: string;
  key_thumbprint: string;
  epoch: number;
  issued_at: number;
  expires_at: number;
  event_id: string;
  revoked_at: number | null;
  revoked_by_type: WireActor["type"] | null;
  revoked_by_id: string | null;
  revoked_by_name: string | null;
}

/** A proof that was taken, by the hash of its key and `jti`. */
export interface UsedProofRow {
  id: string;
  expires_at: number;
}

/** What an agent has called in one day. */
export interface GateDayRow {
  agent_id: string;
  /** Days since the epoch, UTC. */
  day: number;
  /** Empty for what costs nothing. */
  currency: string;
  calls: number;
  cost: number;
}

/** One version of an action. Nothing but `withdrawn_at` ever changes. */
export type ActionRow = ActorColumns<"registered_by"> & {
  project_id: string;
  id: string;
  version: string;
  /** Counts up with each version; the highest is the one in use. */
  generation: number;
  digest: string;
  registered_at: number;
  event_id: string;
  withdrawn_at: number | null;
  manifest: Encoded;
};

export type SecretRow = ActorColumns<"updated_by"> & {
  project_id: string;
  name: string;
  master_key_id: string;
  updated_at: number;
  sealed_value: Uint8Array;
};

export interface WasmModuleRow {
  project_id: string;
  digest: string;
  created_at: number;
  bytes: Uint8Array;
}

export interface GateCallRow {
  request_id: string;
  project_id: string;
  agent_id: string;
  session_id: string;
  lease_id: string;
  action_id: string;
  action_version: string;
  action_digest: string;
  /** In minor units of `currency`. */
  cost: number;
  currency: string | null;
  asked_at: number;
  started_at: number | null;
  finished_at: number | null;
  verification: GateVerificationStatus | null;
  verification_detail: string | null;
}

export type PolicyRow = ActorColumns<"created_by"> & {
  id: string;
  project_id: string;
  revision: number;
  note: string | null;
  created_at: number;
  event_id: string;
  text: string;
};

/** What the shield knows of a service in an environment; empty: in none that is named. */
export interface ShieldProfileRow {
  id: string;
  project_id: string;
  service: string;
  environment: string;
  mode: ShieldMode;
  settings: Encoded;
  /** Counts their changes. */
  settings_revision: number;
  created_at: number;
  changed_at: number | null;
  changed_by_type: WireActor["type"] | null;
  changed_by_id: string | null;
  changed_by_name: string | null;
  locked_at_runs: number | null;
  learning_since_runs: number;
  snapshot_id: string | null;
  /** Of the last entry that is in the snapshot; 0 where there is none. */
  snapshot_sequence: number;
  /** The largest of an entry that was deleted, which a snapshot has; 0 where none was. */
  pruned_sequence: number;
}

/**
 * One entry of the shield's log. A review says again what it has to of its step, under the same id, so
 * that whoever follows the log needs nothing that came before.
 */
export interface ShieldEntryRow {
  sequence: Generated<number>;
  kind: "step" | "review";
  profile_id: string;
  project_id: string;
  agent_id: string;
  /** Of the observation or request. */
  id: string;
  /** Null of a review. */
  source: ShieldSource | null;
  run_key: string;
  run_id: string | null;
  action: string;
  previous: string | null;
  before_previous: string | null;
  skeleton_hash: string | null;
  priority: Priority;
  fingerprint: string | null;
  sensitive: Encoded | null;
  cost_minor: number | null;
  cost_currency: string | null;
  observed_at: number | null;
  received_at: number;
  ends_run: Encoded;
  surprise_bits: number;
  departs: Encoded;
  learns: Encoded;
  /** What a person has said: of a step once it is reviewed, of a review always. */
  answer: ShieldAnswer | null;
  /** What the verdict changed; null where it is no anomaly. */
  anomaly_effect: ShieldEffect | null;
  /** Of a step: nothing else of it ever changes. */
  reviewed_at: number | null;
  reviewed_by_type: WireActor["type"] | null;
  reviewed_by_id: string | null;
  reviewed_by_name: string | null;
  agent_label: string | null;
  parent_request_id: string | null;
  /** Null of a review. */
  verdict: Encoded | null;
}

/** An entry that has no number yet. */
export type NewShieldEntryRow = Omit<ShieldEntryRow, "sequence">;

/** A run as it stands: kept up with the log in the same transactions. */
export interface ShieldRunRow {
  profile_id: string;
  run_key: string;
  run_id: string | null;
  agent_id: string;
  started_at: number;
  last_step_at: number;
  /** Of its latest step. */
  last_sequence: number;
  steps: number;
  anomalies: number;
  max_surprise_bits: number;
  /** Its last step has come. Where the run has no id, the next one begins anew. */
  is_over: Encoded;
}

/** A part of a snapshot, which is one once its profile names it. */
export interface ShieldSnapshotRow {
  id: string;
  part: number;
  profile_id: string;
  sequence: number;
  bytes: Uint8Array;
}
