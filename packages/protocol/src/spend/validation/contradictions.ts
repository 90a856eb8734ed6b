import { parseAmount } from "../amount.js";
import { STABLECOINS } from "../currency.js";
import type { SpendPolicy } from "../policy.js";
import { limitsOf } from "./amounts.js";

/** What contradicts itself, though it can be followed. For a policy whose amounts are valid. */
export function findContradictions(policy: SpendPolicy): readonly string[] {
  return [
    ...findLimitsOfNothing(policy),
    ...findWideLimits(policy),
    ...findVainApprovals(policy),
    ...findVainVelocity(policy),
    ...findVainX402(policy),
  ];
}

interface NamedAmount {
  readonly name: string;
  readonly text: string;
  readonly minor: bigint;
}

function findLimitsOfNothing(policy: SpendPolicy): readonly string[] {
  return limitsOf(policy)
    .filter(({ text }) => parseAmount(text, policy.currency) === 0n)
    .map(({ path }) => `${path.slice(1)} is 0: it lets nothing through.`);
}

/** A limit above one that binds longer never comes to bear. */
function findWideLimits(policy: SpendPolicy): readonly string[] {
  const limits = namedAmounts(policy, [
    ["per_request_limit", policy.per_request_limit],
    ["daily_limit", policy.daily_limit],
    ["weekly_limit", policy.weekly_limit],
    ["monthly_limit", policy.monthly_limit],
    ["total_limit", policy.total_limit],
  ]);
  return limits.flatMap((limit, index) => {
    const narrower = limits.slice(index + 1).find(({ minor }) => minor < limit.minor);
    return narrower === undefined ? [] : [isAbove(limit, narrower)];
  });
}

function findVainApprovals(policy: SpendPolicy): readonly string[] {
  const { auto_approve, approval_threshold } = policy;
  const [perRequest] = namedAmounts(policy, [["per_request_limit", policy.per_request_limit]]);
  const [auto] = namedAmounts(policy, [["auto_approve.max_amount", auto_approve?.max_amount]]);
  const [threshold] = namedAmounts(policy, [
    ["approval_threshold.amount", approval_threshold?.amount],
  ]);
  const warnings: string[] = [];
  if (auto && perRequest && auto.minor > perRequest.minor) {
    warnings.push(isAbove(auto, perRequest));
  }
  if (auto && threshold && auto.minor > threshold.minor) {
    warnings.push(`${isAbove(auto, threshold)} Purchases above that go to people all the same.`);
  }
  const smallest = smallestLimit(policy);
  if (threshold && smallest && threshold.minor >= smallest.minor) {
    warnings.push(
      `${threshold.name} (${threshold.text}) is never passed: ${smallest.name} (${smallest.text}) refuses such a purchase before.`,
    );
  }
  return warnings;
}

function smallestLimit(policy: SpendPolicy): NamedAmount | undefined {
  const limits = namedAmounts(policy, [
    ["per_request_limit", policy.per_request_limit],
    ["weekly_limit", policy.weekly_limit],
    ["monthly_limit", policy.monthly_limit],
    ["total_limit", policy.total_limit],
    // Where a day has a limit of its own, the policy's says nothing of it.
    ...(policy.schedule?.overrides?.some(({ daily_limit }) => daily_limit !== undefined)
      ? []
      : ([["daily_limit", policy.daily_limit]] as const)),
  ]);
  return limits.reduce<NamedAmount | undefined>(
    (least, limit) => (least === undefined || limit.minor < least.minor ? limit : least),
    undefined,
  );
}

function findVainVelocity({
  requests_per_minute: perMinute,
  requests_per_hour: perHour,
}: SpendPolicy): readonly string[] {
  if (perMinute === undefined || perHour === undefined || perMinute <= perHour) return [];
  return [`requests_per_minute (${perMinute}) is above requests_per_hour (${perHour}).`];
}

function findVainX402(policy: SpendPolicy): readonly string[] {
  const { currency, x402 } = policy;
  if (x402 === undefined) return [];
  const [perPayment] = namedAmounts(policy, [["x402.max_per_request", x402.max_per_request]]);
  const [perRequest] = namedAmounts(policy, [["per_request_limit", policy.per_request_limit]]);
  const isVain = perPayment && perRequest && perPayment.minor > perRequest.minor;
  return [
    ...(STABLECOINS.some((coin) => coin === currency)
      ? []
      : [
          `Payments by x402 are counted in stablecoins (${STABLECOINS.join(", ")}): of a policy in ${currency} every one goes to a person.`,
        ]),
    ...(isVain ? [isAbove(perPayment, perRequest)] : []),
  ];
}

function namedAmounts(
  { currency }: SpendPolicy,
  pairs: readonly (readonly [name: string, text: string | undefined])[],
): readonly NamedAmount[] {
  return pairs.flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, text, minor: parseAmount(text, currency) }],
  );
}

function isAbove(amount: NamedAmount, other: NamedAmount): string {
  return `${amount.name} (${amount.text}) is above ${other.name} (${other.text}).`;
}
