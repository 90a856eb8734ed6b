import { HoldpointError } from "./base.js";

/**
 * What a seller asked for with HTTP 402 was not paid, and nothing was signed: it cannot be paid here
 * (`PAYMENT_CHALLENGE_UNSUPPORTED`), or is no longer what was approved
 * (`PAYMENT_CHALLENGE_CHANGED`).
 */
export class PaymentChallengeError extends HoldpointError {
  static override readonly kind: string = "PaymentChallengeError";
}
