import type { VerifiedReceipt as Verified } from "@holdpoint/protocol/receipt";
import type { VerifiedReceipt } from "./options.js";

/** Maps what was verified from the wire. */
export function viewReceipt({ content, keyId, log, digests }: Verified): VerifiedReceipt {
  const { execution: run } = content;
  const view = {
    id: content.id,
    type: content.type,
    projectId: content.project_id,
    requestId: content.request_id,
    agentId: content.agent_id,
    at: new Date(content.at),
    actor: content.actor,
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
      defined({
        id: run.id,
        fencingToken: run.fencing_token,
        reconciled: run.reconciled,
        resultDigest: run.result_digest,
        errorDigest: run.error_digest,
        evidenceDigest: run.evidence_digest,
      }),
    keyId,
    log: log && {
      index: log.index,
      origin: log.checkpoint.origin,
      size: log.checkpoint.size,
    },
    compared: digests.compared,
    notCompared: digests.notCompared,
  };
  return defined(view) as VerifiedReceipt;
}

/** Absent is absent: `undefined` members would be there for `in` and for spreading. */
function defined(view: object): object {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}
