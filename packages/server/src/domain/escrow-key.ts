import { canonicalJson } from "@holdpoint/protocol";
import type { AgentKeyAttestation } from "@holdpoint/protocol/escrow";
import { headerText } from "@holdpoint/protocol/escrow";
import type { Signer } from "../receipts/signing-key.js";

/** A key by which an agent signs, and the control plane's word for whose it is. */
export interface AgentKey {
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** The public part: 32 bytes as base64url. */
  readonly x: string;
  readonly createdAt: number;
  /** Compact JWS. */
  readonly attestation: string;
}

/**
 * The control plane's signature under whose a key is. Put together here, as receipts are, for it is
 * made inside a transaction.
 */
export function attestKey(
  signer: Signer,
  { projectId, agent, x, createdAt }: Omit<AgentKey, "attestation">,
): string {
  const content: AgentKeyAttestation = {
    version: 1,
    type: "agent_key",
    project_id: projectId,
    agent_id: agent.id,
    jwk: { kty: "OKP", crv: "Ed25519", x },
    at: new Date(createdAt).toISOString(),
  };
  const signed = `${encode(headerText("agent_key", signer.kid))}.${encode(canonicalJson(content))}`;
  return `${signed}.${signer.sign(Buffer.from(signed, "ascii")).toString("base64url")}`;
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}
