import { EscrowError } from "@holdpoint/protocol/escrow";
import { ReceiptError } from "@holdpoint/protocol/receipt";
import { CommandFailure } from "../failure.js";

/** Runs a verification; what does not hold ends the command with its own exit code. */
export async function holding<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw new CommandFailure({ reason: "interrupted", message: "Stopped.", cause: error });
    }
    if (!(error instanceof ReceiptError || error instanceof EscrowError)) throw error;
    throw new CommandFailure({
      reason: "unverified",
      message: `Does not verify: ${error.message}`,
      code: error.code,
      next:
        NEXT_STEPS[error.code] ??
        "do not take it for evidence; keep it, and ask who gave it to you",
      cause: error,
    });
  }
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  RECEIPT_KEY_UNKNOWN:
    "if keys were rotated since you saved them, get them anew from the control plane itself",
  CHECKPOINT_INVALID:
    "if keys were rotated since you saved them, get them anew from the control plane itself",
  ESCROW_KEY_UNKNOWN:
    "if keys were rotated since you saved them, get them anew from the control plane itself",
  LOG_FORKED:
    "keep both checkpoints: together they prove what the log did, and show them to others",
};
