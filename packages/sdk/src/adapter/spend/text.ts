import { HoldpointError, ValidationError } from "../../core.js";
import type { BindingPolicy, Budget } from "../../spend/binding.js";
import type { Purchase } from "../../spend/purchase.js";
import { lines } from "../../tool/text.js";

/** What the tools are called, for texts that name them. */
export interface SpendToolNames {
  readonly request: string;
  readonly check: string;
  readonly confirm: string;
  readonly budget: string;
}

/** Where a purchase stands, as a text a model can act on alone. */
export function describePurchase(purchase: Purchase, names: SpendToolNames): string {
  const { requestId, status, reason, decidedBy } = purchase;
  const what = subjectOf(purchase);
  switch (status) {
    case "auto_approved":
    case "approved":
      return lines(
        `APPROVED: pay at most ${subjectOf(purchase, purchase.approvedAmount)}, once. The request is ${requestId}.`,
        lowered(purchase),
        reason && `The person's comment: ${reason}`,
        `Afterwards call ${names.confirm} with this request_id: with what was paid, or that nothing was.`,
        left(purchase),
      );
    case "pending":
      return lines(
        `WAIT: a person has to decide on ${what} first. Do not pay yet. The request is ${requestId}.`,
        `It is decided at ${purchase.url}${purchase.expiresAt ? `, until ${purchase.expiresAt.toISOString()}` : ""}.`,
        `Do not request it again. Call ${names.check} with this request_id for the answer, or tell the user that it waits for approval.`,
      );
    case "rejected":
      return lines(
        `STOP: ${what} was refused. Do not pay.`,
        ...refusals(purchase),
        // A policy's reason is the checks that failed.
        decidedBy?.type === "operator" && reason ? `The person's reason: ${reason}` : undefined,
        STOP_ADVICE,
      );
    case "expired":
      return lines(
        purchase.approvedAmount === undefined
          ? `STOP: nobody decided on ${what} in time, which counts as no. Do not pay.`
          : `STOP: ${what} was approved, but its time is over. Do not pay.`,
        `If it was paid already, say so with ${names.confirm}: the request is ${requestId}.`,
        STOP_ADVICE,
      );
    case "cancelled":
      return lines(`STOP: ${what} was called off. Do not pay.`, STOP_ADVICE);
    case "completed":
      return `STOP: ${requestId} is paid and confirmed${paid(purchase)}. Do not pay again.`;
    case "failed":
      return `STOP: ${requestId} ended without a payment. Do not pay under it. To pay after all, call ${names.request} anew.`;
  }
}

const STOP_ADVICE =
  "Do not request this purchase again, in this or another form, whole or in parts. Go on without it, or tell the user what was refused and why.";

/** What came of a confirmation. */
export function describeConfirmation(purchase: Purchase): string {
  const { requestId, hold } = purchase;
  if (hold === "SETTLED") {
    return lines(
      `CONFIRMED: ${requestId} is recorded as paid${paid(purchase)}. There is nothing more to do.`,
      left(purchase),
    );
  }
  return lines(
    `CONFIRMED: ${requestId} is recorded as not paid, and its money is free again. Do not pay under it.`,
    left(purchase),
  );
}

/** What an agent may spend. */
export function describeBudget(
  budgets: readonly Budget[],
  policies: readonly BindingPolicy[],
  categories: readonly string[],
): string {
  const set = budgets.filter(({ allocated }) => allocated !== null);
  return lines(
    set.length > 0
      ? "BUDGET: a purchase has to fit all of these."
      : "BUDGET: no budget is set; only policies limit.",
    ...set.map(describeOne),
    policies.length === 0 ? "No policy is set: a person decides every purchase." : undefined,
    ...policies.flatMap(({ scope, summary }) => summary.map((text) => `- ${scope}: ${text}`)),
    `Categories: ${categories.join(", ") || "none"}.`,
  );
}

function describeOne({ scope, currency, available, allocated, spent, held }: Budget): string {
  return `- ${scope}: ${available} of ${allocated} ${currency} left (${spent} spent, ${held} held)`;
}

/** What a tool was to do, for when it could not. */
export const SPEND_FAILURES = {
  request: "no purchase was made, so do not pay.",
  check: "where the purchase stands is not known, so do not pay.",
  confirm: "this is not confirmed.",
  budget: "the budget could not be read.",
} as const;

/** A failure as a text a model can act on alone. Nothing is told of an unexpected one. */
export function describeSpendFailure(
  what: keyof typeof SPEND_FAILURES,
  error: unknown,
  names: SpendToolNames,
): string {
  const known = HoldpointError.isInstance(error) ? error : undefined;
  return lines(
    `ERROR: ${SPEND_FAILURES[what]}`,
    `What failed: ${known ? `${known.message} (${known.code})` : "an unexpected error."}`,
    `What to do: ${advise(known, names)}`,
  );
}

function advise(error: HoldpointError | undefined, names: SpendToolNames): string {
  const issues = error instanceof ValidationError ? error.issues : [];
  if (issues.length > 0) {
    const places = issues.map(({ path, message }) => `${path || "/"}: ${message}`);
    return `correct the input (${places.join(" ")}) and call it again.`;
  }
  if (error?.code === "AMOUNT_ABOVE_APPROVED") {
    return `request the difference as a purchase of its own with ${names.request}, and tell the user that more was paid than was approved.`;
  }
  if (error?.retryable) {
    return "the failure may pass. Call it again once, later; if it fails again, tell the user that purchases cannot be handled at the moment.";
  }
  return "calling it again will not help. Tell the user what failed.";
}

function subjectOf(
  { currency, category, merchantName, payee, ...purchase }: Purchase,
  amount = purchase.amount,
): string {
  const who = merchantName ?? payee;
  return `${amount} ${currency}${who ? ` at ${who}` : ""} (${category})`;
}

function lowered({ amount, approvedAmount, currency }: Purchase): string | undefined {
  if (approvedAmount === amount) return undefined;
  return `A person lowered it from ${amount} to ${approvedAmount} ${currency}: do not pay more than that.`;
}

function refusals({ policyCheck }: Purchase): readonly string[] {
  const failed = policyCheck.checks.filter(({ result }) => result === "fail");
  return failed.map(({ rule, scope, detail }) => `- ${rule} (${scope}): ${detail}`);
}

function paid({ actualAmount, currency }: Purchase): string {
  return actualAmount === undefined ? "" : `: ${actualAmount} ${currency}`;
}

function left({ budgetRemaining, currency }: Purchase): string | undefined {
  return budgetRemaining === null
    ? undefined
    : `Left in the budget: ${budgetRemaining} ${currency}.`;
}
