import type { ValidationIssue } from "../../problem.js";
import { AmountError, parseAmount } from "../amount.js";
import { currencyDecimals } from "../currency.js";
import type { SpendPolicy } from "../policy.js";

/** An amount of a policy, by where it stands. */
export interface PlacedAmount {
  readonly path: string;
  readonly text: string;
}

/** Whether the currency is known, and every amount can be told in it. */
export function findAmountIssues(policy: SpendPolicy): readonly ValidationIssue[] {
  const { currency } = policy;
  if (currencyDecimals(currency) === undefined) {
    const message = `Expected a currency of ISO 4217, for example EUR, or a stablecoin, for example USDC, got ${currency}.`;
    return [{ path: "/currency", message }];
  }
  return amountsOf(policy).flatMap(({ path, text }) => {
    const fault = faultOf(text, currency);
    return fault === undefined ? [] : [{ path, message: fault }];
  });
}

export function amountsOf(policy: SpendPolicy): readonly PlacedAmount[] {
  const places = [
    ...limitsOf(policy),
    { path: "/auto_approve/max_amount", text: policy.auto_approve?.max_amount },
    { path: "/approval_threshold/amount", text: policy.approval_threshold?.amount },
    { path: "/confirm_tolerance", text: policy.confirm_tolerance },
  ];
  return places.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

/** The limits above which nothing is let through. */
export function limitsOf(policy: SpendPolicy): readonly PlacedAmount[] {
  const overrides = policy.schedule?.overrides ?? [];
  const places = [
    { path: "/per_request_limit", text: policy.per_request_limit },
    { path: "/daily_limit", text: policy.daily_limit },
    { path: "/weekly_limit", text: policy.weekly_limit },
    { path: "/monthly_limit", text: policy.monthly_limit },
    { path: "/total_limit", text: policy.total_limit },
    ...overrides.map((override, index) => ({
      path: `/schedule/overrides/${index}/daily_limit`,
      text: override.daily_limit,
    })),
    { path: "/x402/max_per_request", text: policy.x402?.max_per_request },
  ];
  return places.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

function faultOf(text: string, currency: string): string | undefined {
  try {
    parseAmount(text, currency);
    return undefined;
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    return `${error.message.replace(/(, got \S+)?\.$/, "")}, got ${JSON.stringify(text)}.`;
  }
}
