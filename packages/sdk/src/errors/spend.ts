import type { Purchase } from "../spend/purchase.js";
import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/**
 * A guarded payment was not made, for its purchase is not approved (`PURCHASE_REJECTED`): rejected by
 * policy or a person, expired, cancelled, or called off. The same key gives the same answer again.
 */
export class PurchaseRejectedError extends HoldpointError {
  static override readonly kind: string = "PurchaseRejectedError";

  /** The purchase with its `status`, the checks that failed, and the person's words where they gave any. */
  readonly purchase?: Purchase;

  constructor(details: HoldpointErrorDetails & { readonly purchase?: Purchase }) {
    super(details);
    if (details.purchase !== undefined) this.purchase = details.purchase;
  }
}

/** What is told of a payment that was not made. */
export interface NotPaidDetails extends Partial<Omit<HoldpointErrorDetails, "code">> {
  readonly code?: "PAYMENT_NOT_MADE";
}

/**
 * Thrown by you, in the function that `spend.guard` runs, while you know that nothing was paid
 * (`PAYMENT_NOT_MADE`): the money that was held is given back. Throw it for nothing else; what else
 * is thrown there leaves open whether money has moved.
 */
export class NotPaidError extends HoldpointError {
  static override readonly kind: string = "NotPaidError";

  constructor(details: NotPaidDetails = {}) {
    const { message = "Nothing was paid." } = details;
    super({ ...details, code: "PAYMENT_NOT_MADE", message });
  }
}
