// What a client needs of money: amounts, statuses and names. All of it is in the spend entry too,
// which brings a calendar along.
export { AmountError, formatAmount, parseAmount } from "./amount.js";
export { currencyDecimals } from "./currency.js";
export { SPEND_CATEGORIES } from "./policy.js";
export { HOLD_STATUSES, PURCHASE_STATUSES } from "./wire.js";
