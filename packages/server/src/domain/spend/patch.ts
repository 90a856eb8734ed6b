import { AmountError, formatAmount, parseAmount } from "@holdpoint/protocol/spend";
import type { Patch } from "../patch.js";
import { ProblemError } from "../problem.js";
import type { Request } from "../request.js";
import type { PurchaseTerms } from "./purchase.js";

/** Where a person's edit of a purchase says how much may be spent. */
const PATH = "/patched_payload/amount";

/**
 * What an edited payload lets be spent. That nothing else of what was judged has changed is said by
 * the payload's schema.
 *
 * @throws {ProblemError} `PATCH_INVALID`: encrypted, no amount, or more than was asked for.
 */
export function readLoweredAmount(
  request: Pick<Request, "encrypted">,
  { amountMinor, currency }: PurchaseTerms,
  patch: Patch["patchedPayload"],
): number {
  if (request.encrypted) {
    throw patchInvalid(
      "/patched_payload",
      "Expected no edit: what is encrypted cannot be judged again. Approve it unchanged, or reject it.",
    );
  }
  const approved = readAmount((patch as { readonly amount?: unknown }).amount, currency);
  if (approved === undefined || approved === 0n || approved > BigInt(amountMinor)) {
    const most = formatAmount(BigInt(amountMinor), currency);
    throw patchInvalid(PATH, `Expected more than 0 and at most ${most} ${currency}, as asked for.`);
  }
  return Number(approved);
}

function readAmount(text: unknown, currency: string): bigint | undefined {
  try {
    return parseAmount(String(text), currency);
  } catch (error) {
    if (error instanceof AmountError) return undefined;
    throw error;
  }
}

function patchInvalid(path: string, message: string): ProblemError {
  return new ProblemError({ code: "PATCH_INVALID", detail: message, issues: [{ path, message }] });
}
