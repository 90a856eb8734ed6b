import type { WireApiKey } from "@holdpoint/protocol";
import type { ApiKey } from "../../store/store.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireApiKey(key: ApiKey): WireApiKey {
  return {
    id: key.id,
    agent: key.agent,
    hint: key.hint,
    scopes: key.scopes,
    created_at: wireTime(key.createdAt),
    ...optionalTime("expires_at", key.expiresAt),
    ...optionalTime("last_used_at", key.lastUsedAt),
    ...optionalTime("revoked_at", key.revokedAt),
  };
}
