import type { JsonValue } from "@holdpoint/protocol";
import { LIMITS, NotPaidError, ValidationError } from "../core.js";
import { composeRenewal, sendCall } from "../executions/calls.js";
import { isUnrecorded, outcomeUnknown } from "../guard/follow.js";
import { keepLease, type LeaseKeeper } from "../guard/lease.js";
import { untilKnown } from "../guard/persist.js";
import { attempt, type ClaimedRun, commit, fail } from "../guard/run.js";
import type { ClientParts } from "../late.js";
import { composeConfirmation, sendConfirmation } from "./confirm.js";
import type { PaidPurchase, PaymentFunction } from "./options.js";
import type { Purchase } from "./purchase.js";
import { fetchPurchase } from "./read.js";
import { type PaymentRecord, readPayment, recordPayment } from "./record.js";
import { openPurchase } from "./view.js";

/** A purchase that may be paid. */
export type ApprovedPurchase = Purchase & { readonly approvedAmount: string };

/** Pays once under a claim, records what it came to, and confirms it. */
export async function payClaimed(
  run: ClaimedRun,
  purchase: ApprovedPurchase,
  pay: PaymentFunction<unknown>,
): Promise<PaidPurchase> {
  const { parts, execution } = run;
  const lease = keepLease(parts, execution, run.leaseMs, run.left);
  try {
    let hasBegun = false;
    const paid = await attempt(run, lease.lost, (signal) => {
      signal.throwIfAborted();
      hasBegun = true;
      return pay(purchase, { idempotencyKey: purchase.requestId, signal });
    });
    if (!paid.ok) {
      const isUnpaid = !hasBegun || paid.error instanceof NotPaidError;
      return await (isUnpaid ? fail(run, paid.error) : leaveUnknown(run, paid.error, lease));
    }
    const record = recordPayment(paid.value, purchase.currency);
    return await finishPayment(parts, purchase, await commit(run, record));
  } finally {
    lease.stop();
  }
}

/** Nobody can say whether it was paid. The sooner that is known, the sooner somebody looks. */
async function leaveUnknown(
  { parts, execution }: ClaimedRun,
  error: unknown,
  lease: LeaseKeeper,
): Promise<never> {
  lease.stop();
  const shortest = composeRenewal(execution, { leaseMs: LIMITS.minLeaseMs });
  // Where this fails, the lease runs out later.
  await sendCall(parts, { ...shortest, detached: true }).catch(() => {});
  throw outcomeUnknown(execution, error);
}

/** Confirms what is on record, also when it was confirmed before, and gives the result. */
export async function finishPayment(
  parts: ClientParts,
  purchase: Purchase,
  recorded: JsonValue | undefined,
): Promise<PaidPurchase> {
  const record = readPayment(recorded);
  const confirmed = await confirm(parts, purchase, record);
  const result = record === undefined ? recorded : record.result;
  if (!isUnrecorded(result)) return { purchase: confirmed, result };
  throw new ValidationError({
    code: "VALIDATION_FAILED",
    message: `${purchase.requestId} is paid and confirmed, but the result of it could not be recorded. Return JSON of at most 256 KiB as result.`,
    requestId: purchase.requestId,
  });
}

async function confirm(
  parts: ClientParts,
  purchase: Purchase,
  record: PaymentRecord | undefined,
): Promise<Purchase> {
  const { requestId } = purchase;
  if (record?.actual === undefined) return requireCompleted(parts, requestId);
  const { actual, receiptUrl, externalId } = record;
  const outcome = {
    success: true,
    ...(receiptUrl !== undefined && { receiptUrl }),
    ...(externalId !== undefined && { externalId }),
  } as const;
  const call = { ...composeConfirmation(requestId, outcome, actual), detached: true };
  return untilKnown([], () => sendConfirmation(parts, call));
}

/** Without an amount on record somebody else has to have settled it: by reconciling, or by hand. */
async function requireCompleted(parts: ClientParts, requestId: string): Promise<Purchase> {
  const wire = await fetchPurchase(parts, requestId, undefined);
  if (wire.status !== "completed") throw amountMissing(requestId);
  return openPurchase(wire, parts.cipher);
}

function amountMissing(requestId: string): ValidationError {
  const expected = 'Expected actualAmount as a decimal text, for example "12.50", or a bigint';
  return new ValidationError({
    code: "AMOUNT_INVALID",
    message: `${expected}, got something else from the payment of ${requestId}. It was paid, and is not paid again: its money stays held. Say what was paid with spend.confirm.`,
    requestId,
    issues: [{ path: "/actualAmount", message: `${expected}.` }],
  });
}
