export {
  AmountError,
  type AmountFault,
  formatAmount,
  MAX_AMOUNT_MINOR,
  parseAmount,
} from "./amount.js";
export { timezoneOf } from "./compile.js";
export { currencyDecimals, listCurrencies, STABLECOINS } from "./currency.js";
export { evaluatePurchase } from "./evaluate.js";
export type {
  WireChangeOrganisation,
  WireCreateOrganisation,
  WireOrganisation,
} from "./organisation.js";
export {
  type EvaluatePurchaseInput,
  type PurchaseFacts,
  type PurchaseJudgement,
  type ScheduleOverride,
  type ScopeState,
  SPEND_CATEGORIES,
  SPEND_RULES,
  SPEND_SCOPES,
  type SpendCheck,
  type SpendPolicy,
  type SpendRule,
  type SpendSchedule,
  type SpendScope,
  type SpendUsage,
  type TimeWindows,
  WEEKDAYS,
  type Weekday,
} from "./policy.js";
export { purchaseStatusOf } from "./status.js";
export { summarizeSpendPolicy } from "./summary.js";
export {
  type ChangedPurchase,
  type PastPurchase,
  type SpendPolicyTrial,
  type TrySpendPolicyOptions,
  trySpendPolicy,
} from "./trial.js";
export { type SpendPolicyReview, validateSpendPolicy } from "./validate.js";
export {
  SPEND_WINDOWS,
  type SpendWindow,
  type SpendWindows,
  type WindowBounds,
  windowsAt,
} from "./window.js";
export {
  HOLD_STATUSES,
  type HoldStatus,
  type JudgedOutcome,
  LEDGER_ACCOUNTS,
  LEDGER_KINDS,
  type LedgerAccount,
  type LedgerKind,
  type PaymentChallenge,
  PURCHASE_STATUSES,
  type PurchaseOutcomes,
  type PurchaseStatus,
  type WireBudget,
  type WireBurnDown,
  type WireConfirmPurchase,
  type WireCreatePurchase,
  type WireKillSwitch,
  type WireLedgerEntry,
  type WireMoney,
  type WirePolicyCheck,
  type WirePurchase,
  type WirePurchaseDetails,
  type WireRefundPurchase,
  type WireSetBudget,
  type WireSetKillSwitch,
  type WireSetSpendPolicy,
  type WireSpendPolicy,
  type WireSpendPolicyTrial,
  type WireTrySpendPolicy,
} from "./wire.js";
