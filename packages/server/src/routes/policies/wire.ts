import { receiptIdOf } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { PolicyRevision } from "../../store/verbs/policies.js";
import { wireTime } from "../time.js";

export function toWirePolicy(policy: PolicyRevision): WirePolicy {
  return {
    id: policy.id,
    revision: policy.revision,
    text: policy.text,
    ...(policy.note !== undefined && { note: policy.note }),
    created_at: wireTime(policy.createdAt),
    created_by: policy.createdBy,
    receipt_id: receiptIdOf(policy.eventId),
  };
}
