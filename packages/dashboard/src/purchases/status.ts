import type {
  HoldStatus,
  PurchaseStatus,
  SpendRule,
  WirePurchase,
} from "@holdpoint/protocol/spend";

const STATUS_NAMES: Readonly<Record<PurchaseStatus, string>> = {
  pending: "Waiting",
  auto_approved: "Approved by policy",
  approved: "Approved",
  rejected: "Rejected",
  expired: "Expired",
  cancelled: "Cancelled",
  completed: "Paid",
  failed: "Not paid",
};

export function purchaseStatusName(status: string): string {
  return nameIn(STATUS_NAMES, status);
}

const HOLD_NAMES: Readonly<Record<HoldStatus, string>> = {
  NONE: "Nothing was held",
  HELD: "Held",
  SETTLED: "Spent",
  RELEASED: "Given back",
  EXPIRED: "Given back, the hold ran out",
};

/** Where the money is, as the ledger has it. */
export function holdText({ hold, late }: Pick<WirePurchase, "hold" | "late">): string {
  return late && hold === "SETTLED"
    ? "Spent, confirmed after the hold had run out"
    : nameIn(HOLD_NAMES, hold);
}

const RULE_NAMES: Readonly<Record<SpendRule, string>> = {
  status: "Kill switch",
  currency: "Currency",
  velocity_limit: "Purchases per minute and hour",
  category: "Category",
  payee: "Payee",
  per_request_limit: "Limit of one purchase",
  schedule: "Schedule",
  daily_limit: "Limit of the day",
  weekly_limit: "Limit of the week",
  monthly_limit: "Limit of the month",
  total_limit: "Limit in all",
  x402: "HTTP 402 payment",
  budget: "Budget",
  auto_approve: "Approval without a person",
  approval_threshold: "Approval threshold",
};

export function ruleName(rule: string): string {
  return nameIn(RULE_NAMES, rule);
}

/** A word this build does not know stands as it came. */
function nameIn<Names extends Readonly<Record<string, string>>>(names: Names, word: string) {
  return Object.hasOwn(names, word) ? (names[word] as string) : word;
}
