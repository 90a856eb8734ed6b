import { HoldpointError } from "./base.js";

/**
 * A receipt, checkpoint or log that does not hold (`RECEIPT_…`, `CHECKPOINT_INVALID`, `LOG_FORKED`).
 * It is no evidence: stop, and keep the file.
 */
export class ReceiptVerificationError extends HoldpointError {
  static override readonly kind: string = "ReceiptVerificationError";
}
