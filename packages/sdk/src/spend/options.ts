import type { JsonObject } from "@holdpoint/protocol";
import type { PurchaseStatus } from "@holdpoint/protocol/spend";
import type { CallOptions } from "../requests/options.js";
import type { BindingPolicy, Budget } from "./binding.js";
import type { Escrows } from "./escrow/options.js";
import type { Purchase } from "./purchase.js";
import type { X402FetchOptions } from "./x402/options.js";

/**
 * Money: a decimal text such as `"12.50"`, or minor units (cents; millionths of a stablecoin) as a
 * bigint. Never a number, which cannot hold it exactly.
 */
export type Amount = string | bigint;

/** One intended purchase. */
export interface PurchaseOptions {
  /** More than nothing. */
  readonly amount: Amount;
  /** ISO 4217, for example `EUR`, or a stablecoin: `USDC`, `USDT`, `EURC`, `PYUSD`, `USDG`. */
  readonly currency: string;
  /** What it is for: one of {@link Spend.categories}. An unknown one is refused or goes to a person. */
  readonly category: string;
  readonly merchantName?: string;
  /** Who is paid: an account, a domain, an address. What payee lists are compared with. */
  readonly payee?: string;
  /** What is bought, for the person who decides. Up to 2,000 characters. */
  readonly description?: string;
  /** Your words to whoever decides. Up to 2,000 characters. */
  readonly comment?: string;
  /** Your own labels: JSON up to 16 KiB. Encrypted with an encryption key set. */
  readonly metadata?: JsonObject;
  /** The purchase's id (`req_` TypeID). Default: a new one. The same id reserves once. */
  readonly id?: string;
  /**
   * Names the purchase in place of `id`: whoever asks the same under this key, in any process,
   * reserves once. Up to 255 characters.
   */
  readonly idempotencyKey?: string;
  /** Default: the client's. */
  readonly environment?: string;
  /** Groups the requests of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** The request (`req_…`) this one follows from. */
  readonly parentRequestId?: string;
}

export interface WaitForPurchaseOptions extends CallOptions {
  /** Milliseconds from the call. Integer, 1 … 2_592_000_000. Default 86_400_000 (24 hours). */
  readonly timeoutMs?: number;
}

/** How a payment ended. */
export type ConfirmOptions =
  | {
      readonly success: true;
      /** What was really paid. Default: what was approved. */
      readonly actualAmount?: Amount;
      /** An http or https URL. */
      readonly receiptUrl?: string;
      /** The payment provider's own reference. Up to 255 characters. */
      readonly externalId?: string;
    }
  | {
      /** Nothing was paid: the money is given back. Say it only when you know. */
      readonly success: false;
      readonly actualAmount?: never;
      readonly receiptUrl?: string;
      readonly externalId?: string;
    };

/** Narrows a list; every member must hold. */
export interface ListPurchasesOptions extends CallOptions {
  readonly status?: PurchaseStatus | readonly PurchaseStatus[];
  readonly category?: string;
  readonly currency?: string;
  /** Only purchases made at this time or later. */
  readonly since?: Date;
  /** Integer, 1 … 100. Default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface PurchasePage {
  readonly data: readonly Purchase[];
  /** Pass as `cursor` for the next page; `null` at the end. */
  readonly nextCursor: string | null;
}

/** A purchase that is paid once. It has to have a name, for a restarted process finds it by that. */
export type GuardPurchaseOptions = PurchaseOptions &
  ({ readonly idempotencyKey: string } | { readonly id: string }) & {
    /**
     * Paying twice under the same `idempotencyKey` pays once, for the payment provider takes it. Only
     * then is it paid again after a crash whose outcome nobody knows. Default false.
     */
    readonly idempotent?: boolean;
    /**
     * Milliseconds the payment may go without a sign of life; renewed while it lasts. Integer, 1_000
     * … 3_600_000. Default 60_000.
     */
    readonly leaseMs?: number;
    /** Called when a person has to decide, with where. */
    readonly onPending?: (purchase: Purchase) => void;
  };

/** What a payment is given beside the approved purchase. */
export interface PaymentContext {
  /** The purchase's id, the same for every run: hand it to the payment provider. */
  readonly idempotencyKey: string;
  /** Aborts with the caller's signal, and when the right to pay is lost. */
  readonly signal: AbortSignal;
}

/** What a payment has come to. */
export interface Payment<Result = unknown> {
  /** What was really paid, of at most `purchase.approvedAmount`. */
  readonly actualAmount: Amount;
  /** Whatever should be returned again when it is called again: JSON up to 256 KiB. */
  readonly result?: Result;
  readonly receiptUrl?: string;
  readonly externalId?: string;
}

/** Pays `purchase.approvedAmount` or less. */
export type PaymentFunction<Result> = (
  purchase: Purchase & { readonly approvedAmount: string },
  context: PaymentContext,
) => Payment<Result> | Promise<Payment<Result>>;

/** A payment that was made, now or before. */
export interface PaidPurchase<Result = unknown> {
  /** Confirmed. */
  readonly purchase: Purchase;
  /** What the payment returned as `result`, as JSON. */
  readonly result: Result;
}

/** Money: reserved before it is spent, within what policies, budgets and people allow. */
export interface Spend {
  /** Money put aside for another agent until the work is done. */
  readonly escrow: Escrows;
  /**
   * Asks for money and reserves it. Look at `status`: `auto_approved` may be paid at once, `pending`
   * waits for a person ({@link Spend.wait}), `rejected` is an answer and no error.
   *
   * @throws {ValidationError} `AMOUNT_INVALID`: no amount of money, or an unknown currency.
   * @throws {IdempotencyConflictError} `IDEMPOTENCY_CONFLICT`: the key stands for another purchase.
   * @throws {ConflictError} `PENDING_PURCHASES_EXCEEDED`: too many wait for a person already.
   * @throws {DecryptionError} The answer does not open: treat as not approved.
   */
  purchase(options: PurchaseOptions, call?: CallOptions): Promise<Purchase>;
  /** @throws {NotFoundError} `PURCHASE_NOT_FOUND`: no such purchase of this agent. */
  get(id: string, options?: CallOptions): Promise<Purchase>;
  /** One page, newest first. */
  list(options?: ListPurchasesOptions): Promise<PurchasePage>;
  /**
   * Waits until a purchase is no longer pending, in this process or another. It stays open on the
   * server when waiting ends early.
   *
   * @throws {WaitTimeoutError} `WAIT_TIMEOUT`: deadline passed; call again with the same id.
   * @throws `signal.reason`, unchanged, when aborted.
   */
  wait(id: string, options?: WaitForPurchaseOptions): Promise<Purchase>;
  /**
   * Says how the payment ended: what was paid is spent, the rest is given back. Safe to repeat.
   *
   * @param purchase - Its id, or itself, which spares a call where `actualAmount` is given.
   * @throws {ConflictError} `AMOUNT_ABOVE_APPROVED`: nothing was moved; ask for the difference as a
   *   purchase of its own. `PURCHASE_SETTLED`: it is confirmed otherwise. `PURCHASE_NOT_APPROVED`.
   */
  confirm(
    purchase: string | Pick<Purchase, "requestId" | "currency">,
    outcome: ConfirmOptions,
    options?: CallOptions,
  ): Promise<Purchase>;
  /** The budgets a purchase of this agent has to fit, all of them. Empty: only policies limit. */
  budget(options?: CallOptions): Promise<readonly Budget[]>;
  /** The policies that bind this agent, each with what it means. Empty: a person decides everything. */
  policy(options?: CallOptions): Promise<readonly BindingPolicy[]>;
  /** The categories that every policy knows and none refuses. */
  categories(options?: CallOptions): Promise<readonly string[]>;
  /**
   * Reserves, waits if a person is needed, pays once and confirms what was paid.
   *
   * Called again under the same key, in this process or another, it finds all that: what is on record
   * is returned, confirmed again where a crash had cut that off, and nothing is paid twice.
   *
   * `pay` throws {@link NotPaidError} while it knows that nothing was paid; then the money is given
   * back. When it throws anything else, nobody can say: the money stays held.
   *
   * @throws {PurchaseRejectedError} `PURCHASE_REJECTED`: not approved; nothing was paid.
   * @throws {OutcomeUnknownError} `OUTCOME_UNKNOWN`: begun, and nobody knows how it ended.
   * @throws {ExecutionFailedError} `EXECUTION_FAILED`: called before, and nothing was paid then.
   * @throws {ValidationError} `AMOUNT_INVALID` after it has paid: it said no usable `actualAmount`.
   *   Confirm by hand.
   */
  guard<Result = undefined>(
    options: GuardPurchaseOptions,
    pay: PaymentFunction<Result>,
    call?: CallOptions,
  ): Promise<PaidPurchase<Result>>;
  /**
   * Wraps a fetch so that it pays what sellers ask for with HTTP 402 (x402): each payment is a
   * purchase first, under the same policies, budgets and people, bound to exactly that challenge.
   *
   * Needs the package `@x402/core`, which is loaded with the first call. The wrapped fetch throws,
   * beside what `fetch` throws:
   *
   * @throws {PurchaseRejectedError} `PURCHASE_REJECTED`: not approved; nothing was signed.
   * @throws {ApprovalRequiredError} `APPROVAL_REQUIRED`: with `wait: false`; call again once decided.
   * @throws {PaymentChallengeError} `PAYMENT_CHALLENGE_UNSUPPORTED`, `PAYMENT_CHALLENGE_CHANGED`:
   *   nothing was signed.
   * @throws {NotPaidError} `PAYMENT_NOT_MADE`: the money is given back.
   * @throws {OutcomeUnknownError} `OUTCOME_UNKNOWN`: signed and sent, and nobody can say whether it
   *   was taken: the money stays held.
   * @throws {ConflictError} `EXECUTION_SETTLED`: paid before, under the same key; nothing was paid.
   */
  x402Fetch(fetch: typeof globalThis.fetch, options: X402FetchOptions): typeof globalThis.fetch;
}
