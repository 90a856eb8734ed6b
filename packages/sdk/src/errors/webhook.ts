import { HoldpointError } from "./base.js";

/**
 * A webhook is not to be believed: `WEBHOOK_SIGNATURE_INVALID`, `WEBHOOK_TIMESTAMP_INVALID`,
 * `WEBHOOK_MALFORMED`. Answer it with 4xx and do nothing.
 */
export class WebhookVerificationError extends HoldpointError {
  static override readonly kind: string = "WebhookVerificationError";
}
