import type { JsonObject } from "@holdpoint/protocol";
import type { EscrowPublicJwk, signContent } from "@holdpoint/protocol/escrow";
import type { CallOptions } from "../../requests/options.js";
import type { Amount } from "../options.js";
import type { Escrow } from "./escrow.js";

/** An Ed25519 key with its private part (RFC 8037): keep it as you keep the API key. */
export interface EscrowPrivateJwk extends EscrowPublicJwk {
  readonly d: string;
}

/** By what an agent signs: a JWK, or a key of WebCrypto that cannot be read out. It never travels. */
export type EscrowSigningKey =
  | EscrowPrivateJwk
  | {
      readonly jwk: EscrowPublicJwk;
      readonly privateKey: Parameters<typeof signContent>[2]["privateKey"];
    };

/** What is common to every step. */
export interface EscrowStepOptions {
  readonly signingKey: EscrowSigningKey;
}

export interface OpenEscrowOptions extends EscrowStepOptions {
  /** The agent that is paid (`agt_…`), of the same project. */
  readonly payee: string;
  /** The payee's key. Default: the one it registered last. */
  readonly payeeKeyId?: string;
  /** More than nothing. */
  readonly amount: Amount;
  /** ISO 4217, for example `EUR`, or a stablecoin. */
  readonly currency: string;
  /** What it is for, as of any purchase. */
  readonly category: string;
  /** The terms: what is to be done. Up to 2,000 characters. Signed, and not to be edited. */
  readonly description?: string;
  /** Your words to whoever approves the hold. Up to 2,000 characters. */
  readonly comment?: string;
  /** Terms for programs: JSON up to 16 KiB. */
  readonly metadata?: JsonObject;
  /** Past it, what is not fulfilled goes to a person. */
  readonly fulfilBy: Date;
  /** Past it, what is fulfilled and not released goes to a person. At most 30 days from now. */
  readonly releaseBy: Date;
  /** The escrow whose work you pass on: you are its payee, and it is `OPEN`. */
  readonly parent?: Escrow;
  /** Names the escrow: whoever opens the same under this key, in any process, opens it once. */
  readonly idempotencyKey?: string;
  readonly environment?: string;
  readonly runId?: string;
}

export interface FulfilEscrowOptions extends EscrowStepOptions {
  /** What came of it, or what shows it: JSON up to 256 KiB. Signed by its digest. */
  readonly result: unknown;
}

export interface DisputeEscrowOptions extends EscrowStepOptions {
  /** For the person who decides. Not with an encryption key set, for it travels in clear. */
  readonly reason?: string;
}

export interface ListEscrowsOptions extends CallOptions {
  /** Those of one chain of hand-offs. */
  readonly rootEscrowId?: string;
  /** Integer, 1 … 100. Default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface EscrowPage {
  readonly data: readonly Escrow[];
  /** Pass as `cursor` for the next page; `null` at the end. */
  readonly nextCursor: string | null;
}

export interface VerifyEscrowOptions extends CallOptions {
  /**
   * The keys to trust: the JWK Set of `/.well-known/jwks.json`, from a copy of your own. Default:
   * fetched from the control plane.
   */
  readonly keys?: unknown;
}

/** What a verified chain of escrows says. */
export interface VerifiedEscrows {
  /** The one that passes on from none. */
  readonly rootEscrowId: string;
  /** How many hand-offs stand below one another; 0 of one escrow alone. */
  readonly handOffs: number;
  /** Parents before children. */
  readonly escrows: readonly {
    readonly id: string;
    readonly requestId: string;
    readonly payer: string;
    readonly payee: string;
    readonly amount: string;
    readonly currency: string;
    /** As far as its parties signed. */
    readonly stage: "OPEN" | "FULFILLED" | "DISPUTED" | "RELEASED";
  }[];
}

/** Money put aside for another agent until the work is done. */
export interface Escrows {
  /** A new key, to be kept where the agent's secrets are. Nothing is sent. */
  createKey(): Promise<EscrowPrivateJwk>;
  /**
   * Registers the public part of a key as this agent's, once; the control plane attests it. A payee
   * registers before it can be paid; the other calls of a payer do it by themselves.
   *
   * @returns The key's RFC 7638 thumbprint.
   * @throws {ValidationError} `ESCROW_KEY_UNKNOWN`: it is another agent's.
   */
  register(signingKey: EscrowSigningKey, call?: CallOptions): Promise<{ readonly keyId: string }>;
  /**
   * Puts money aside. Look at `status`: `OPEN` is held, `PENDING` waits for a person, `VOID` was
   * refused by policy and is an answer, no error.
   *
   * @throws {ValidationError} `AMOUNT_INVALID`, `ESCROW_PAYEE_INVALID`, `ESCROW_CHAIN_BROKEN`;
   *   `ESCROW_KEY_UNKNOWN`: the payee has registered no key.
   * @throws {IdempotencyConflictError} `IDEMPOTENCY_CONFLICT`: the key stands for another escrow.
   */
  open(options: OpenEscrowOptions, call?: CallOptions): Promise<Escrow>;
  /**
   * Says that the work is done, as the payee. Safe to repeat with the same result.
   *
   * @throws {ConflictError} `ESCROW_CONFLICT`: it is not `OPEN`, or its time is up.
   */
  fulfil(
    escrow: string | Pick<Escrow, "id">,
    options: FulfilEscrowOptions,
    call?: CallOptions,
  ): Promise<Escrow>;
  /**
   * Lets the money go, as the payer. Safe to repeat.
   *
   * @throws {ConflictError} `ESCROW_CONFLICT`: it is not `FULFILLED`, or its time is up.
   */
  release(
    escrow: string | Pick<Escrow, "id">,
    options: EscrowStepOptions,
    call?: CallOptions,
  ): Promise<Escrow>;
  /**
   * Asks for a person, as either: approved, `dispute.requestId` releases; rejected, it returns the
   * money. Cannot be taken back.
   *
   * @throws {ConflictError} `ESCROW_CONFLICT`: it is neither `OPEN` nor `FULFILLED`.
   */
  dispute(
    escrow: string | Pick<Escrow, "id">,
    options: DisputeEscrowOptions,
    call?: CallOptions,
  ): Promise<Escrow>;
  /**
   * @throws {NotFoundError} `ESCROW_NOT_FOUND`: this agent neither pays it nor is paid by it.
   * @throws {ReceiptVerificationError} `ESCROW_…`: what is signed does not hold. Act on nothing of it.
   */
  get(id: string, options?: CallOptions): Promise<Escrow>;
  /** One page of those this agent pays or is paid by, newest first. */
  list(options?: ListEscrowsOptions): Promise<EscrowPage>;
  /**
   * Verifies the envelope of one escrow, or those of a chain of hand-offs from end to end.
   *
   * @throws {ReceiptVerificationError} Its `code` (`ESCROW_…`) says what does not hold.
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `keys` is no JWK Set of a control plane.
   */
  verify(envelope: unknown, options?: VerifyEscrowOptions): Promise<VerifiedEscrows>;
}
