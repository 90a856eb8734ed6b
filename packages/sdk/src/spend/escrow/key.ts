import { type EscrowPublicJwk, signContent, thumbprintOf } from "@holdpoint/protocol/escrow";
import { invalidInput, invalidResponse, isJsonObject } from "../../core.js";
import type { ClientParts } from "../../late.js";
import type { EscrowPrivateJwk, EscrowSigningKey } from "./options.js";

type PrivateKey = Parameters<typeof signContent>[2]["privateKey"];

/** A key ready to sign with. */
export interface Signer {
  readonly keyId: string;
  readonly privateKey: PrivateKey;
  readonly jwk: EscrowPublicJwk;
}

/** Who signs, and where: known to the control plane by the API key. */
export interface Self {
  readonly projectId: string;
  readonly agentId: string;
}

export async function drawKey(): Promise<EscrowPrivateJwk> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("Expected a pair of keys of Ed25519.");
  const { x = "", d = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { kty: "OKP", crv: "Ed25519", x, d };
}

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export async function openSigner(given: EscrowSigningKey): Promise<Signer> {
  const { kty, crv, x } = "jwk" in given ? given.jwk : given;
  const jwk = { kty, crv, x };
  try {
    const privateKey = "jwk" in given ? given.privateKey : await importKey(given);
    return { keyId: await thumbprintOf(jwk), privateKey, jwk };
  } catch {
    // The cause could quote the key.
    throw invalidInput("signingKey", "an Ed25519 key with its private part, as a JWK");
  }
}

function importKey({ kty, crv, x, d }: EscrowPrivateJwk): Promise<PrivateKey> {
  return crypto.subtle.importKey("jwk", { kty, crv, x, d }, "Ed25519", false, ["sign"]);
}

/** By client: whose API key it is, and which keys it has registered. Neither ever changes. */
const known = new WeakMap<ClientParts, { self?: Self; readonly registered: Set<string> }>();

function memoryOf(parts: ClientParts) {
  const memory = known.get(parts) ?? { registered: new Set<string>() };
  known.set(parts, memory);
  return memory;
}

export async function findSelf(parts: ClientParts, signal: AbortSignal | undefined): Promise<Self> {
  const memory = memoryOf(parts);
  memory.self ??= await fetchSelf(parts, signal);
  return memory.self;
}

async function fetchSelf({ transport }: ClientParts, signal: AbortSignal | undefined) {
  const body = await transport.call({ method: "GET", path: "/v1/me", signal });
  const { agent, project } = isJsonObject(body) ? body : {};
  if (isJsonObject(agent) && isJsonObject(project)) {
    return { projectId: String(project.id), agentId: String(agent.id) };
  }
  throw invalidResponse("Expected the identity of an agent");
}

/** Registers a key once per client; said again, the control plane answers the same. */
export async function registerKey(
  parts: ClientParts,
  signer: Signer,
  signal: AbortSignal | undefined,
): Promise<Self> {
  const self = await findSelf(parts, signal);
  const { registered } = memoryOf(parts);
  const { keyId, jwk } = signer;
  if (registered.has(keyId)) return self;
  const content = {
    version: 1,
    type: "agent_key_proof",
    project_id: self.projectId,
    agent_id: self.agentId,
    key_id: keyId,
  } as const;
  const proof = await signContent("agent_key_proof", content, signer);
  const body = JSON.stringify({ jwk, proof });
  await parts.transport.call({ method: "POST", path: "/v1/agent-keys", body, signal });
  registered.add(keyId);
  return self;
}

/** The key an agent has registered last; `undefined`: it has none. */
export async function findNewestKeyId(
  { transport }: ClientParts,
  agentId: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const path = `/v1/agent-keys?agent_id=${encodeURIComponent(agentId)}`;
  const body = await transport.call({ method: "GET", path, signal });
  const keys = isJsonObject(body) ? body.data : undefined;
  if (!Array.isArray(keys)) throw invalidResponse("Expected a list of keys");
  const [newest] = keys;
  const { id } = isJsonObject(newest) ? newest : {};
  return typeof id === "string" ? id : undefined;
}
