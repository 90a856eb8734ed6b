import type { Envelope } from "../envelope/shape.js";
import type { JsonValue } from "../json.js";
import type { WireMoney, WirePurchaseDetails } from "../spend/wire.js";
import type { WireActor } from "../wire.js";
import type { EscrowStatus } from "./status.js";

/** An agent, and the key by which it signs in one escrow: an RFC 7638 thumbprint. */
export interface EscrowParty {
  readonly agent_id: string;
  readonly key_id: string;
}

/** The escrow that an escrow passes work on from, by the digest of its `open` step. */
export interface EscrowParent {
  readonly escrow_id: string;
  readonly open_digest: string;
}

interface EscrowStepContent {
  readonly version: 1;
  /** `esc_…` and the purchase's `req_…`: in every step, so that none is taken for another's. */
  readonly escrow_id: string;
  readonly request_id: string;
}

/** Signed by the payer: what is held, for whom, on which terms, until when. */
export interface EscrowOpening extends EscrowStepContent {
  readonly type: "open";
  readonly project_id: string;
  readonly payer: EscrowParty;
  readonly payee: EscrowParty;
  readonly amount: WireMoney;
  /** `sha256:<hex>` of the canonical JSON of the terms, as they travel: an envelope stays one. */
  readonly terms_digest: string;
  /** Then a person decides, unless it is fulfilled. ISO 8601 UTC with milliseconds. */
  readonly fulfil_by: string;
  /** Then a person decides, unless it is released. */
  readonly release_by: string;
  readonly parent?: EscrowParent;
}

/** Signed by the payee: this is what came of it. */
export interface EscrowFulfilment extends EscrowStepContent {
  readonly type: "fulfil";
  /** Of the step before it, signature and all: `sha256:<hex>` of its JWS. */
  readonly previous_digest: string;
  readonly result_digest: string;
}

/** Signed by the payer: the money is the payee's. */
export interface EscrowRelease extends EscrowStepContent {
  readonly type: "release";
  readonly previous_digest: string;
}

/** Signed by either: a person is to decide. */
export interface EscrowDispute extends EscrowStepContent {
  readonly type: "dispute";
  readonly previous_digest: string;
  readonly reason_digest?: string;
}

export type EscrowStep = EscrowOpening | EscrowFulfilment | EscrowRelease | EscrowDispute;
export type EscrowStepType = EscrowStep["type"];

/**
 * Everything that was signed of one escrow: enough to verify it offline, with nothing but the keys
 * of the control plane.
 */
export interface EscrowEnvelope {
  readonly version: 1;
  readonly escrow_id: string;
  /** Compact JWS, in the order they were signed. */
  readonly steps: readonly string[];
  /** The control plane's attestations of whose the signing keys are: compact JWS. */
  readonly keys: readonly string[];
}

/** The public part of an agent's key. */
export interface EscrowPublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
}

/** Signed by the key itself: whoever registers a key has it. */
export interface AgentKeyProof {
  readonly version: 1;
  readonly type: "agent_key_proof";
  readonly project_id: string;
  readonly agent_id: string;
  readonly key_id: string;
}

/** Signed by the control plane: this agent has shown that the key is its own. */
export interface AgentKeyAttestation {
  readonly version: 1;
  readonly type: "agent_key";
  readonly project_id: string;
  readonly agent_id: string;
  readonly jwk: EscrowPublicJwk;
  /** When it was registered, by the control plane's clock. */
  readonly at: string;
}

/** `POST /v1/agent-keys`. */
export interface WireRegisterAgentKey {
  readonly jwk: EscrowPublicJwk;
  /** The JWS of an {@link AgentKeyProof}. */
  readonly proof: string;
}

/** A key by which an agent signs. Never changed, never deleted. */
export interface WireAgentKey {
  /** Its RFC 7638 thumbprint. */
  readonly id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly jwk: EscrowPublicJwk;
  readonly created_at: string;
  /** The JWS of an {@link AgentKeyAttestation}. */
  readonly attestation: string;
}

/** `POST /v1/escrows`. All that matters is in the signed step. */
export interface WireOpenEscrow {
  /** The JWS of an {@link EscrowOpening}. */
  readonly step: string;
  readonly category: string;
  /** The terms. With `encrypted: true` an envelope for the field `payload` of the request. */
  readonly details?: WirePurchaseDetails | Envelope;
  readonly encrypted?: boolean;
  readonly agent_label?: string;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
}

/** `POST /v1/escrows/:id/fulfil`. */
export interface WireFulfilEscrow {
  readonly step: string;
  /** What came of it. Of an encrypted escrow an envelope for the field `result` of the request. */
  readonly result: JsonValue | Envelope;
}

/** `POST /v1/escrows/:id/release`. */
export interface WireReleaseEscrow {
  readonly step: string;
}

/** `POST /v1/escrows/:id/dispute`. */
export interface WireDisputeEscrow {
  readonly step: string;
  /** For the person who decides. Refused of an encrypted escrow, for it travels in clear. */
  readonly reason?: string;
}

/** An escrow as it travels. Its payer, its payee and operators see it. */
export interface WireEscrow {
  readonly id: string;
  readonly project_id: string;
  /** The purchase that holds the money; a request like any other. */
  readonly request_id: string;
  readonly status: EscrowStatus;
  readonly payer: { readonly id: string; readonly name: string };
  readonly payee: { readonly id: string; readonly name: string };
  readonly amount: WireMoney;
  readonly category: string;
  /** The terms. */
  readonly details?: WirePurchaseDetails | Envelope;
  readonly encrypted: boolean;
  readonly fulfil_by: string;
  readonly release_by: string;
  readonly parent_escrow_id?: string;
  /** The first of the chain of hand-offs: itself, where it passes on from none. */
  readonly root_escrow_id: string;
  readonly result?: JsonValue | Envelope;
  readonly dispute?: {
    /** Who asked for a person: an agent, or the system when a time was up. */
    readonly by: WireActor;
    readonly reason?: string;
    /** The request by which a person decides: approved it releases, rejected it returns. */
    readonly request_id: string;
  };
  /** Why the hold was refused, or a person's words of the purchase. */
  readonly reason?: string;
  /** Set when retention has deleted `details`, `result` and what else was said. */
  readonly contents_deleted_at?: string;
  readonly created_at: string;
  readonly fulfilled_at?: string;
  readonly ended_at?: string;
  /** What to keep as evidence, and to give to `holdpoint verify`. */
  readonly envelope: EscrowEnvelope;
  /** Where a person sees it. */
  readonly url: string;
}
