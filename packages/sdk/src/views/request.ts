import type {
  Diff,
  ExecutionStatus,
  JsonObject,
  JsonValue,
  Priority,
  RequestStatus,
  WireActor,
  WireApproval,
  WireGrant,
  WireRequest,
} from "@holdpoint/protocol";
import type { Grant } from "../requests/decision.js";
import { type ShieldVerdict, viewShield } from "./shield.js";

/** A request as it stands. To act on an answer use {@link Decision}, which is checked further. */
export interface HoldpointRequest {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  readonly status: RequestStatus;
  readonly priority: Priority;
  readonly role?: string;
  readonly encrypted: boolean;
  /** Decrypted. Absent in lists unless `includePayload` is set. */
  readonly payload?: JsonValue;
  /** Decrypted. */
  readonly patchedPayload?: JsonValue;
  readonly diffSummary?: Diff;
  readonly schema?: JsonObject;
  readonly reason?: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly agentLabel?: string;
  readonly decidedBy?: WireActor;
  /** How many people have to approve, where more than one, and who has. */
  readonly quorum?: number;
  readonly approvals?: readonly WireApproval[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly resolvedAt?: Date;
  /** The run under its approval; `id` once somebody has claimed it. */
  readonly execution: { readonly status: ExecutionStatus; readonly id?: string };
  /** While it is approved: one-use authority to run it. */
  readonly grant?: Grant;
  /** The receipt (`rcp_…`) of the answer. */
  readonly receiptId?: string;
  /** What the asking process saw of the world, as a digest. */
  readonly witnessDigest?: string;
  /** Decrypted. What had changed since the request it replaces (`parentRequestId`) was asked. */
  readonly witnessChange?: JsonValue;
  readonly revision: number;
  readonly metadata: JsonObject;
  readonly environment?: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  /** How it compares with what the service is known to do. Absent where nothing follows it. */
  readonly shield?: ShieldVerdict;
  /** Pass to `states.load`. */
  readonly stateId?: string;
  /** Since when `payload`, `patchedPayload` and `reason` are gone: the control plane keeps them for a set time. */
  readonly contentsDeletedAt?: Date;
  readonly url: string;
}

/** What of a request had to be decrypted or computed first. */
export interface OpenedRequest {
  readonly payload: JsonValue | undefined;
  readonly patchedPayload: JsonValue | undefined;
  readonly diffSummary: Diff | undefined;
  readonly witnessChange: JsonValue | undefined;
}

/** Maps a request from the wire. */
export function viewRequest(request: WireRequest, opened: OpenedRequest): HoldpointRequest {
  const view = {
    id: request.id,
    service: request.service,
    action: request.action,
    status: request.status,
    priority: request.priority,
    role: request.role,
    encrypted: request.encrypted,
    ...opened,
    schema: request.schema,
    reason: request.reason,
    agent: request.agent,
    agentLabel: request.agent_label,
    decidedBy: request.decided_by,
    quorum: request.quorum,
    approvals: request.approvals,
    createdAt: new Date(request.created_at),
    expiresAt: new Date(request.expires_at),
    resolvedAt: optionalDate(request.resolved_at),
    execution: request.execution,
    grant: request.grant && viewGrant(request.grant),
    receiptId: request.receipt_id,
    witnessDigest: request.witness_digest,
    revision: request.revision,
    metadata: request.metadata,
    environment: request.environment,
    runId: request.run_id,
    parentRequestId: request.parent_request_id,
    shield: request.shield && viewShield(request.shield),
    stateId: request.state_id,
    contentsDeletedAt: optionalDate(request.contents_deleted_at),
    url: request.url,
  };
  const present = Object.entries(view).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as HoldpointRequest;
}

/** Maps a grant from the wire. Whether it is for what was received is another question. */
export function viewGrant(grant: WireGrant): Grant {
  const { id, revision, approved_digest, expires_at } = grant;
  return { id, revision, approvedDigest: approved_digest, expiresAt: new Date(expires_at) };
}

function optionalDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
