import type { JsonObject, JsonValue, WireActor } from "@holdpoint/protocol";
import type { EscrowEnvelope, EscrowStatus } from "@holdpoint/protocol/escrow";

/**
 * An escrow as it stands. Whoever has one from this client knows that both agents' signatures, their
 * order, and the digests of terms and result hold.
 */
export interface Escrow {
  /** `esc_…` */
  readonly id: string;
  /** The purchase that holds the money: a request like any other. */
  readonly requestId: string;
  /** Fulfil only what is `OPEN`: then the money is held. */
  readonly status: EscrowStatus;
  readonly payer: { readonly id: string; readonly name: string };
  readonly payee: { readonly id: string; readonly name: string };
  /** A decimal text with all decimals of the currency, for example `"40.00"`. */
  readonly amount: string;
  readonly currency: string;
  readonly category: string;
  /** The terms; decrypted, as `comment`, `metadata` and `result` are. */
  readonly description?: string;
  readonly comment?: string;
  readonly metadata?: JsonObject;
  readonly encrypted: boolean;
  readonly fulfilBy: Date;
  readonly releaseBy: Date;
  /** The escrow whose work is passed on. */
  readonly parentEscrowId?: string;
  readonly rootEscrowId: string;
  /** What the payee says came of it. */
  readonly result?: JsonValue;
  readonly dispute?: {
    /** An agent, or the system when a time was up. */
    readonly by: WireActor;
    readonly reason?: string;
    /** The request by which a person decides. */
    readonly requestId: string;
  };
  /** Why the hold was refused, or a person's words. */
  readonly reason?: string;
  readonly createdAt: Date;
  readonly fulfilledAt?: Date;
  readonly endedAt?: Date;
  /** What to keep as evidence: `holdpoint verify` checks it offline. */
  readonly envelope: EscrowEnvelope;
  readonly url: string;
}
