import { type CryptoKey, calculateJwkThumbprint } from "jose";
import { decodeBase64Url } from "../receipt/bytes.js";
import type { TrustedKeys } from "../receipt/keys.js";
import { EscrowError } from "./error.js";
import { parseJws, verifyJws } from "./jws.js";
import type { AgentKeyAttestation, EscrowPublicJwk } from "./wire.js";

/** A key by which an agent signs, and whose it is. */
export interface AgentKey {
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly verifier: CryptoKey;
  readonly attestation: AgentKeyAttestation;
  /** The control plane's key that attests it. */
  readonly attestedBy: string;
}

/** The name of a public key: its RFC 7638 thumbprint, whatever it calls itself. */
export function thumbprintOf({ x }: EscrowPublicJwk): Promise<string> {
  return calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x });
}

/**
 * Verifies that a control plane attests a key to an agent.
 *
 * @throws {EscrowError} `ESCROW_MALFORMED`, `ESCROW_KEY_UNKNOWN`.
 */
export async function openAttestation(jws: unknown, keys: TrustedKeys): Promise<AgentKey> {
  const { keyId: attestedBy, content } = parseJws(jws, ["agent_key"]);
  const signer = keys.receipts.get(attestedBy);
  if (signer === undefined) throw new EscrowError("bad_attestation");
  await verifyJws(jws as string, signer.verifier).catch(() => {
    throw new EscrowError("bad_attestation");
  });
  if (signer.notAfterMs !== undefined && Date.parse(content.at) > signer.notAfterMs) {
    throw new EscrowError("retired_attestation");
  }
  const keyId = await thumbprintOf(content.jwk);
  return { keyId, verifier: await importVerifier(content.jwk), attestation: content, attestedBy };
}

/**
 * Verifies that whoever registers a key for an agent has it.
 *
 * @returns The key's thumbprint.
 * @throws {EscrowError} `ESCROW_MALFORMED`, `ESCROW_SIGNATURE_INVALID`, `ESCROW_KEY_UNKNOWN`.
 */
export async function verifyKeyProof(
  proof: unknown,
  jwk: EscrowPublicJwk,
  owner: { readonly projectId: string; readonly agentId: string },
): Promise<string> {
  const { keyId: signedBy, content } = parseJws(proof, ["agent_key_proof"]);
  const keyId = await thumbprintOf(jwk);
  if (signedBy !== keyId || content.key_id !== keyId) throw new EscrowError("wrong_signer");
  await verifyJws(proof as string, await importVerifier(jwk));
  if (content.agent_id !== owner.agentId || content.project_id !== owner.projectId) {
    throw new EscrowError("foreign_key");
  }
  return keyId;
}

async function importVerifier({ x }: EscrowPublicJwk): Promise<CryptoKey> {
  try {
    const bytes = new Uint8Array(decodeBase64Url(x) ?? []);
    return await crypto.subtle.importKey("raw", bytes, "Ed25519", true, ["verify"]);
  } catch {
    throw new EscrowError("bad_content");
  }
}
