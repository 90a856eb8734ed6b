import {
  receiptIdOf,
  type WireApproval,
  type WireGrant,
  type WireRequest,
} from "@holdpoint/protocol";
import type { Approval } from "../../domain/request.js";
import type { ListedRequest } from "../../store/store.js";
import { optionalTime, wireTime } from "../time.js";

/** A request as it travels. What is absent stays absent, as in lists. */
export function toWireRequest(request: ListedRequest, publicUrl: string): WireRequest {
  const { payload, patchedPayload, diffSummary, schema, role, quorum, reason, decidedBy } = request;
  const { approvals, resolutionEventId, witnessDigest, witnessChange, stateId } = request;
  const { agentLabel, skeletonHash, environment, runId, parentRequestId } = request;
  return {
    id: request.id,
    project_id: request.projectId,
    service: request.service,
    action: request.action,
    status: request.status,
    priority: request.priority,
    ...(role !== undefined && { role }),
    ...(quorum !== undefined && { quorum }),
    ...(approvals !== undefined && { approvals: approvals.map(toWireApproval) }),
    encrypted: request.encrypted,
    ...(payload !== undefined && { payload }),
    ...(patchedPayload !== undefined && { patched_payload: patchedPayload }),
    ...(diffSummary !== undefined && { diff_summary: diffSummary }),
    ...(schema !== undefined && { schema }),
    ...(reason !== undefined && { reason }),
    agent: request.agent,
    ...(agentLabel !== undefined && { agent_label: agentLabel }),
    ...(decidedBy !== undefined && { decided_by: decidedBy }),
    created_at: wireTime(request.createdAt),
    expires_at: wireTime(request.expiresAt),
    ...optionalTime("resolved_at", request.resolvedAt),
    execution: {
      status: request.executionStatus,
      ...(request.executionId !== undefined && { id: request.executionId }),
    },
    ...grantOf(request),
    ...(resolutionEventId !== undefined && { receipt_id: receiptIdOf(resolutionEventId) }),
    ...(stateId !== undefined && { state_id: stateId }),
    ...(witnessDigest !== undefined && { witness_digest: witnessDigest }),
    ...(witnessChange !== undefined && { witness_change: witnessChange }),
    ...optionalTime("contents_deleted_at", request.contentsDeletedAt),
    revision: request.revision,
    ...(skeletonHash !== undefined && { skeleton_hash: skeletonHash }),
    metadata: request.metadata,
    ...(environment !== undefined && { environment }),
    ...(runId !== undefined && { run_id: runId }),
    ...(parentRequestId !== undefined && { parent_request_id: parentRequestId }),
    ...(request.policy !== undefined && { policy: request.policy }),
    ...(request.shield !== undefined && { shield: request.shield }),
    url: `${publicUrl}/requests/${request.id}`,
  };
}

/** Used by purchases too, which are requests. */
export function toWireApproval({ operator, at, reason }: Approval): WireApproval {
  return { operator, at: wireTime(at), ...(reason !== undefined && { reason }) };
}

function grantOf({ grant, approvedDigest, revision }: ListedRequest): {
  readonly grant?: WireGrant;
} {
  if (grant === undefined || approvedDigest === undefined) return {};
  return {
    grant: {
      id: grant.id,
      revision,
      approved_digest: approvedDigest,
      expires_at: wireTime(grant.expiresAt),
    },
  };
}
