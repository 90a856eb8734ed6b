import type { JsonObject } from "@holdpoint/protocol";
import type { Purchase } from "../purchase.js";
import type { PaymentAsset } from "./assets.js";
import type { PaymentClient } from "./client.js";

/** How HTTP 402 challenges are paid. */
export interface X402FetchOptions {
  /**
   * An `x402Client` of `@x402/core` or `@x402/fetch` with its schemes registered. From now on it
   * signs nothing but what is approved here, whoever calls it. Its own spend controls, which refuse
   * all above $1 before anybody is asked, are switched off: policy decides.
   */
  readonly client: PaymentClient;
  /** What the purchases are for: one of {@link Spend.categories}. */
  readonly category: string;
  /** Your words to whoever decides. Up to 2,000 characters. */
  readonly comment?: string;
  /** Your own labels: JSON up to 16 KiB. Encrypted with an encryption key set. */
  readonly metadata?: JsonObject;
  /**
   * Tokens to pay with beside the known ones (USDC and EURC). What a challenge asks for in any other
   * token is refused, and so is an amount that is not whole in millionths of its currency.
   */
  readonly assets?: readonly PaymentAsset[];
  /**
   * Names what is bought, so that it is paid once: the same key for the same method, URL and body
   * finds its purchase, in any process. Default: the request's own `Idempotency-Key` header. Without
   * a key every call is a purchase of its own. Never take it from the model. Up to 255 characters.
   */
  readonly key?: (request: Request) => string | undefined;
  /**
   * False: where a person has to decide, throws {@link ApprovalRequiredError} at once instead of
   * waiting. Make the call again, under the same key, once `requestId` has its answer. Default true.
   */
  readonly wait?: boolean;
  /** Milliseconds to wait for a person. Integer, 1 … 2_592_000_000. Default 86_400_000 (24 hours). */
  readonly timeoutMs?: number;
  /**
   * Milliseconds a payment may go without a sign of life before its outcome counts as unknown;
   * renewed while it lasts. Integer, 1_000 … 3_600_000. Default 60_000.
   */
  readonly leaseMs?: number;
  /** Called when a person has to decide, with where. */
  readonly onPending?: (purchase: Purchase) => void;
  /** Called when a payment is confirmed, before its answer is returned. */
  readonly onPaid?: (purchase: Purchase) => void;
  /**
   * Take a seller's word that it did not take a payment which was signed for it, and give the money
   * back at once. Until the signature lapses (the seller's `maxTimeoutSeconds`) it can still be
   * cashed: a seller who lies thus makes an agent overspend. Default false: the money stays held, and
   * the outcome unknown, until somebody has looked on the chain and reconciled it.
   */
  readonly releaseOnRefusal?: boolean;
  /** Default: the client's. */
  readonly environment?: string;
  /** Groups the requests of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** The request (`req_…`) the purchases follow from. */
  readonly parentRequestId?: string;
}
