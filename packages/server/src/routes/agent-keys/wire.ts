import type { WireAgentKey } from "@holdpoint/protocol/escrow";
import type { AgentKey } from "../../domain/escrow-key.js";
import { wireTime } from "../time.js";

export function toWireAgentKey({
  keyId,
  agent,
  x,
  createdAt,
  attestation,
}: AgentKey): WireAgentKey {
  return {
    id: keyId,
    agent,
    jwk: { kty: "OKP", crv: "Ed25519", x },
    created_at: wireTime(createdAt),
    attestation,
  };
}
