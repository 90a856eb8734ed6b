import type { WireOperatorToken } from "@holdpoint/protocol";
import type { OperatorToken } from "../../store/store.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireOperatorToken(token: OperatorToken): WireOperatorToken {
  return {
    id: token.id,
    name: token.name,
    hint: token.hint,
    created_at: wireTime(token.createdAt),
    ...optionalTime("expires_at", token.expiresAt),
    ...optionalTime("last_used_at", token.lastUsedAt),
    ...optionalTime("revoked_at", token.revokedAt),
  };
}
