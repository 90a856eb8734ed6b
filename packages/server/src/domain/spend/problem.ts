import type { ExecutionStatus, ValidationIssue } from "@holdpoint/protocol";
import { formatAmount, type SpendCheck } from "@holdpoint/protocol/spend";
import { ProblemError } from "../problem.js";

export function purchaseNotFound(): ProblemError {
  return new ProblemError({
    code: "PURCHASE_NOT_FOUND",
    detail:
      "Expected the id of a purchase that this credential can see. Check the id, the project and the agent.",
  });
}

export function purchaseIdConflict(): ProblemError {
  return new ProblemError({
    code: "REQUEST_ID_CONFLICT",
    detail:
      "Expected a new id, or exactly the purchase it was first sent with. Make a new id for a new purchase.",
  });
}

export function pendingExceeded(limit: number): ProblemError {
  return new ProblemError({
    code: "PENDING_PURCHASES_EXCEEDED",
    detail: `Expected at most ${limit} purchases of this agent to wait for a person, and as many do. Wait for their decisions, or cancel some.`,
  });
}

export function notApproved(status: string): ProblemError {
  return new ProblemError({
    code: "PURCHASE_NOT_APPROVED",
    detail: `Expected a purchase that is approved; this one is ${status}. Pay nothing; ask again if it is still needed.`,
  });
}

export function confirmedOtherwise(): ProblemError {
  return new ProblemError({
    code: "PURCHASE_SETTLED",
    detail:
      "Expected the confirmation this purchase already has, got another. Read the purchase; money that came back is a refund.",
  });
}

export function aboveApproved(approvedMinor: number, currency: string): ProblemError {
  return new ProblemError({
    code: "AMOUNT_ABOVE_APPROVED",
    detail: `Expected at most ${formatAmount(BigInt(approvedMinor), currency)} ${currency}, as approved. Confirm that, and ask for the difference as a purchase of its own.`,
  });
}

export function aboveCapacity(): ProblemError {
  return new ProblemError({
    code: "BUDGET_EXHAUSTED",
    detail:
      "Expected an amount that the books can still hold; all of this currency together would be more than 2^53 minor units.",
  });
}

/** Nothing may be given back while somebody may be paying, or has paid. */
export function stillRunning(status: ExecutionStatus): ProblemError {
  const isCommitted = status === "COMMITTED";
  return new ProblemError({
    code: isCommitted ? "EXECUTION_SETTLED" : "EXECUTION_CLAIMED",
    detail: RUNNING[isCommitted ? status : status === "CLAIMED" ? status : "OUTCOME_UNKNOWN"],
  });
}

const RUNNING = {
  COMMITTED:
    "Expected a payment that was not made; its execution says that it was. Confirm it with success: true, or let an operator refund it.",
  CLAIMED:
    "Expected a payment that nobody is making; its execution is being run. Let it end: a failed one gives the money back.",
  OUTCOME_UNKNOWN:
    "Expected a payment that was certainly not made; nobody can say whether its execution paid. Find out, then reconcile it.",
} as const;

export function aboveRefundable(leftMinor: number, currency: string): ProblemError {
  return new ProblemError({
    code: "REFUND_ABOVE_PAID",
    detail: `Expected at most ${formatAmount(BigInt(leftMinor), currency)} ${currency}, which is what was paid and not yet refunded.`,
  });
}

export function refundIdConflict(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a new refund id, or exactly the refund it was first sent with. Make a new id for each refund.",
  });
}

export function wrongCurrency(currency: string, path: string): ProblemError {
  const message = `Expected ${currency}, the currency of the purchase.`;
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `${path}: ${message}`,
    issues: [{ path, message }],
  });
}

/** @throws {ProblemError} `SPENDING_STOPPED`, `SPEND_POLICY_REFUSED` when any check fails. */
export function assertStillFits(checks: readonly SpendCheck[]): void {
  const failed = checks.filter(({ result }) => result === "fail");
  if (failed.length === 0) return;
  if (failed.some(({ rule }) => rule === "status")) {
    throw new ProblemError({
      code: "SPENDING_STOPPED",
      detail:
        "Expected spending to go on; the kill switch is on. Reject the purchase, or approve it once an admin lets spending go on.",
    });
  }
  throw new ProblemError({
    code: "SPEND_POLICY_REFUSED",
    detail: `Expected a purchase that fits what binds it now; ${namesOf(failed)} ${failed.length === 1 ? "is" : "are"} against it. Lower the amount, change the policy or budget, or reject it.`,
    issues: failed.map(issueOf),
  });
}

/** What failed, for the agent and whoever reads its request. */
export function refusalOf(checks: readonly SpendCheck[]): string {
  const failed = checks.filter(({ result }) => result === "fail");
  return failed.map(({ rule, scope, detail }) => `${scope} ${rule}: ${detail}`).join("\n");
}

function namesOf(checks: readonly SpendCheck[]): string {
  return [...new Set(checks.map(({ rule }) => rule))].join(", ");
}

function issueOf({ rule, scope, detail }: SpendCheck): ValidationIssue {
  return { path: "", message: `${scope} ${rule}: ${detail}` };
}
