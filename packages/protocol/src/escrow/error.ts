import type { ErrorCode } from "../codes.js";

/** Every way an escrow is refused: a fixed reason word, its public code, and what it means. */
const FAULTS = {
  not_an_envelope: [
    "ESCROW_MALFORMED",
    "Expected { version, escrow_id, steps, keys } as the envelope of GET /v1/escrows/:id",
  ],
  not_a_jws: ["ESCROW_MALFORMED", "Expected a JWS in compact form (RFC 7515 §7.1)"],
  bad_header: [
    "ESCROW_MALFORMED",
    'Expected exactly the header {"alg":"EdDSA","kid":…,"typ":…} of such a step',
  ],
  not_canonical: ["ESCROW_MALFORMED", "Expected canonical JSON (RFC 8785), got another writing"],
  bad_content: ["ESCROW_MALFORMED", "Expected the members of such a step of version 1"],
  bad_order: ["ESCROW_MALFORMED", "Expected the steps open, fulfil, and release or dispute"],
  bad_signature: ["ESCROW_SIGNATURE_INVALID", "The signature is not this key's over this step"],
  wrong_signer: ["ESCROW_SIGNATURE_INVALID", "The step is signed by a key of somebody else"],
  unknown_key: ["ESCROW_KEY_UNKNOWN", "The step is signed by a key that nobody attests"],
  foreign_key: ["ESCROW_KEY_UNKNOWN", "The key is attested to another agent or project"],
  bad_attestation: ["ESCROW_KEY_UNKNOWN", "The key is attested by nobody you trust"],
  retired_attestation: ["ESCROW_KEY_UNKNOWN", "The key was attested after its signer was retired"],
  other_escrow: ["ESCROW_CHAIN_BROKEN", "The step belongs to another escrow or request"],
  broken_link: ["ESCROW_CHAIN_BROKEN", "The step does not follow the one before it"],
  empty_chain: ["ESCROW_CHAIN_BROKEN", "Expected at least one escrow"],
  doubled: ["ESCROW_CHAIN_BROKEN", "The escrow is there twice"],
  two_roots: ["ESCROW_CHAIN_BROKEN", "Expected one escrow that passes on from none"],
  parent_missing: ["ESCROW_CHAIN_BROKEN", "The escrow passes on from one that is not there"],
  parent_differs: [
    "ESCROW_CHAIN_BROKEN",
    "The escrow passes on from another writing of its parent",
  ],
  other_payer: ["ESCROW_CHAIN_BROKEN", "The escrow is not paid by the payee of its parent"],
  other_currency: ["ESCROW_CHAIN_BROKEN", "The escrow is in another currency than its parent"],
  above_parent: ["ESCROW_CHAIN_BROKEN", "The escrows pass on more than their parent holds"],
  later_than_parent: ["ESCROW_CHAIN_BROKEN", "The escrow is due later than its parent"],
  other_project: ["ESCROW_CHAIN_BROKEN", "The escrow belongs to another project"],
  content_differs: ["ESCROW_DIGEST_WRONG", "The content is not what was signed"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type EscrowFault = keyof typeof FAULTS;
export type EscrowErrorCode = (typeof FAULTS)[EscrowFault][0];

/** Where a fault is. */
export interface EscrowFaultPlace {
  /** Counted from 0. */
  readonly step?: number;
  readonly escrowId?: string;
  /** The content whose digest differs (`content_differs`). */
  readonly field?: "terms" | "result";
}

/** An escrow that does not hold. Fixed words only: nothing of what was read slips into the message. */
export class EscrowError extends Error {
  override readonly name = "EscrowError" as const;
  readonly code: EscrowErrorCode;
  /** Why, more precisely than {@link code}. */
  readonly fault: EscrowFault;
  readonly place: EscrowFaultPlace;

  /** @param place - An `escrowId` must have been checked to be one: it becomes part of the message. */
  constructor(fault: EscrowFault, place: EscrowFaultPlace = {}) {
    const [code, meaning] = FAULTS[fault];
    const { step, escrowId, field } = place;
    const part = field === undefined ? "" : ` (${field})`;
    const where = step === undefined ? "" : ` at step ${step + 1}`;
    const of = escrowId === undefined ? "" : ` in ${escrowId}`;
    super(`${meaning}${part}${where}${of}.`);
    this.code = code;
    this.fault = fault;
    this.place = place;
  }

  /** The same refusal, said more precisely. */
  at(place: EscrowFaultPlace): EscrowError {
    return new EscrowError(this.fault, { ...this.place, ...place });
  }
}
