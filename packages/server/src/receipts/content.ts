import { receiptIdOf, type WireReceiptContent } from "@holdpoint/protocol";
import type { RequestEvent } from "../domain/event.js";

/** What the receipt of an event says: the event as it travels, and the digests of what it is about. */
export function receiptContentOf(event: RequestEvent): WireReceiptContent {
  const { actor, payloadDigest, approvedDigest, reasonDigest, execution } = event;
  return {
    version: 1,
    id: receiptIdOf(event.id),
    type: event.type,
    project_id: event.projectId,
    request_id: event.requestId,
    agent_id: event.agentId,
    at: new Date(event.at).toISOString(),
    actor: {
      type: actor.type,
      id: actor.id,
      ...(actor.name !== undefined && { name: actor.name }),
    },
    service: event.service,
    action: event.action,
    priority: event.priority,
    status: event.status,
    revision: event.revision,
    ...(payloadDigest !== undefined && { payload_digest: payloadDigest }),
    ...(approvedDigest !== undefined && { approved_digest: approvedDigest }),
    ...(reasonDigest !== undefined && { reason_digest: reasonDigest }),
    ...(execution !== undefined && { execution: executionOf(execution) }),
  };
}

function executionOf(
  execution: NonNullable<RequestEvent["execution"]>,
): NonNullable<WireReceiptContent["execution"]> {
  const { id, fencingToken, reconciled, resultDigest, errorDigest, evidenceDigest } = execution;
  return {
    id,
    fencing_token: fencingToken,
    ...(reconciled === true && { reconciled }),
    ...(resultDigest !== undefined && { result_digest: resultDigest }),
    ...(errorDigest !== undefined && { error_digest: errorDigest }),
    ...(evidenceDigest !== undefined && { evidence_digest: evidenceDigest }),
  };
}
