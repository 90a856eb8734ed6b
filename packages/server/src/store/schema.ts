import type {
  ExecutionStatus,
  RequestEventType,
  RequestStatus,
  WireActor,
} from "@holdpoint/protocol";
import type { Generated } from "kysely";

/** Values whose stored form the dialect chooses, written and read through its functions. */
type Encoded = unknown;

/** Every table as a row. Names of columns are those of the database. */
export interface Schema {
  master_keys: MasterKeyRow;
  projects: ProjectRow;
  agents: AgentRow;
  api_keys: ApiKeyRow;
  requests: RequestRow;
  events: EventRow;
  memberships: MembershipRow;
  operator_tokens: OperatorTokenRow;
  user: UserRow;
}

interface MasterKeyRow {
  id: string;
}

export interface ProjectRow {
  id: string;
  name: string;
  created_at: number;
}

interface AgentRow {
  id: string;
  project_id: string;
  name: string;
  created_at: number;
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
