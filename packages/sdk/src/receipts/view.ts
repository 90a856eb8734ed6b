import type {
  WireGatePart,
  WireProjectReceiptContent,
  WireRequestReceiptContent,
} from "@holdpoint/protocol";
import { isRequestReceipt, type VerifiedReceipt as Verified } from "@holdpoint/protocol/receipt";
import { present } from "../present.js";
import type { GatePart, VerifiedReceipt } from "./options.js";

/** Maps what was verified from the wire. */
export function viewReceipt({ content, keyId, log, digests }: Verified): VerifiedReceipt {
  const subject = isRequestReceipt(content) ? viewRequestPart(content) : viewProjectPart(content);
  const view = {
    id: content.id,
    type: content.type,
    projectId: content.project_id,
    agentId: content.agent_id,
    at: new Date(content.at),
    actor: content.actor,
    ...subject,
    keyId,
    log: log && {
      index: log.index,
      origin: log.checkpoint.origin,
      size: log.checkpoint.size,
    },
    compared: digests.compared,
    notCompared: digests.notCompared,
  };
  return present(view) as VerifiedReceipt;
}

function viewRequestPart({ execution: run, ...content }: WireRequestReceiptContent) {
  return {
    requestId: content.request_id,
    service: content.service,
    action: content.action,
    priority: content.priority,
    status: content.status,
    revision: content.revision,
    payloadDigest: content.payload_digest,
    approvedDigest: content.approved_digest,
    reasonDigest: content.reason_digest,
    execution:
      run &&
      present({
        id: run.id,
        fencingToken: run.fencing_token,
        reconciled: run.reconciled,
        resultDigest: run.result_digest,
        errorDigest: run.error_digest,
        evidenceDigest: run.evidence_digest,
      }),
    policy: content.policy,
    gate: content.gate && viewGatePart(content.gate),
  };
}

function viewGatePart(gate: WireGatePart): GatePart {
  return present({
    actionVersion: gate.action_version,
    actionDigest: gate.action_digest,
    sessionId: gate.session_id,
    leaseId: gate.lease_id,
    approvedBy: gate.approved_by,
    verification: gate.verification,
  }) as GatePart;
}

function viewProjectPart({ subject }: WireProjectReceiptContent) {
  return { subject };
}
