import { receiptIdOf } from "@holdpoint/protocol";
import type { WireAgentIdentity } from "@holdpoint/protocol/gate";
import type { AgentIdentity } from "../../store/verbs/identities.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireIdentity(identity: AgentIdentity): WireAgentIdentity {
  return {
    id: identity.id,
    project_id: identity.projectId,
    agent: identity.agent,
    key_thumbprint: identity.keyThumbprint,
    scopes: identity.scopes,
    created_at: wireTime(identity.createdAt),
    enrolled_by: identity.enrolledBy,
    ...optionalTime("last_used_at", identity.lastUsedAt),
    ...optionalTime("revoked_at", identity.revokedAt),
    receipt_id: receiptIdOf(identity.eventId),
  };
}
