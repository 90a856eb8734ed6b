import type { WireOperator } from "@holdpoint/protocol";
import type { SignInLink } from "../../pipeline/accounts/sign-in-link.js";
import type { Membership } from "../../store/store.js";
import { wireTime } from "../time.js";

export function toWireOperator({ operator, roles, createdAt }: Membership): WireOperator {
  const { id, email, name } = operator;
  return { id, email, name, roles, created_at: wireTime(createdAt) };
}

export function toWireSignInLink({ url, expiresAt }: SignInLink) {
  return { url, expires_at: wireTime(expiresAt) };
}
