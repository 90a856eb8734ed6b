import { formatAmount, parseAmount } from "./amount.js";
import { parseHost } from "./host.js";
import { SPEND_CATEGORIES, type SpendPolicy, type Weekday } from "./policy.js";
import { limitOverrideOf, type Opening, openingsOf, weekdayOf } from "./schedule.js";
import { type CalendarDay, calendarDayAt } from "./window.js";

/** An amount of a policy, with the text in which people read it. */
export interface Limit {
  readonly minor: bigint;
  readonly text: string;
}

/** A policy read once: amounts as integers, lists as sets. */
export interface CompiledPolicy {
  readonly source: SpendPolicy;
  readonly currency: string;
  readonly timezone: string;
  readonly perRequest: Limit | undefined;
  readonly weekly: Limit | undefined;
  readonly monthly: Limit | undefined;
  readonly total: Limit | undefined;
  readonly categories: ReadonlySet<string>;
  readonly allowedCategories: ReadonlySet<string> | undefined;
  readonly blockedCategories: ReadonlySet<string> | undefined;
  readonly allowedPayees: ReadonlySet<string> | undefined;
  readonly blockedPayees: ReadonlySet<string> | undefined;
  readonly autoApproveMax: Limit | undefined;
  readonly threshold: Limit | undefined;
  readonly x402: CompiledX402 | undefined;
  /** What holds on the local day around an instant. */
  readonly dayAt: (instantMs: number) => PolicyDay;
}

export interface CompiledX402 {
  readonly allowedNetworks: ReadonlySet<string> | undefined;
  readonly allowedAssets: ReadonlySet<string> | undefined;
  readonly allowedDomains: readonly string[] | undefined;
  readonly blockedDomains: readonly string[] | undefined;
  readonly maxPerRequest: Limit | undefined;
}

export interface PolicyDay {
  readonly weekday: Weekday;
  readonly calendar: CalendarDay;
  /** Absent: at any time. */
  readonly openings: readonly Opening[] | undefined;
  readonly dailyLimit: Limit | undefined;
  /** Whether the limit is that of an override. */
  readonly isOverridden: boolean;
}

/** In which zone a policy's days begin, its limits count and its schedule is read. */
export function timezoneOf({ timezone, schedule }: SpendPolicy): string {
  return timezone ?? schedule?.timezone ?? "UTC";
}

const compiled = new WeakMap<SpendPolicy, CompiledPolicy>();

/**
 * Reads a policy, once for each object.
 *
 * @throws {AmountError | RangeError} for a policy that `validateSpendPolicy` refuses.
 */
export function compilePolicy(policy: SpendPolicy): CompiledPolicy {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const made = compile(policy);
  compiled.set(policy, made);
  return made;
}

/** Letter case is ignored, and so is how an accent is encoded. */
export function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function compile(policy: SpendPolicy): CompiledPolicy {
  const { currency, auto_approve, approval_threshold } = policy;
  const limit = (text: string | undefined) => readLimit(text, currency);
  return {
    source: policy,
    currency,
    timezone: timezoneOf(policy),
    perRequest: limit(policy.per_request_limit),
    weekly: limit(policy.weekly_limit),
    monthly: limit(policy.monthly_limit),
    total: limit(policy.total_limit),
    categories: new Set(policy.categories ?? SPEND_CATEGORIES),
    allowedCategories: setOf(policy.allowed_categories),
    blockedCategories: setOf(policy.blocked_categories),
    allowedPayees: setOf(policy.allowed_payees?.map(foldName)),
    blockedPayees: setOf(policy.blocked_payees?.map(foldName)),
    autoApproveMax: limit(auto_approve?.max_amount),
    threshold: limit(approval_threshold?.amount),
    x402: policy.x402 && compileX402(policy.x402, currency),
    dayAt: rememberDay(policy),
  };
}

function compileX402(x402: NonNullable<SpendPolicy["x402"]>, currency: string): CompiledX402 {
  return {
    allowedNetworks: setOf(x402.allowed_networks),
    allowedAssets: setOf(x402.allowed_assets?.map(foldName)),
    allowedDomains: x402.allowed_domains?.map(readDomain),
    blockedDomains: x402.blocked_domains?.map(readDomain),
    maxPerRequest: readLimit(x402.max_per_request, currency),
  };
}

/** Most purchases are judged on the day of the one before: its windows are computed once. */
function rememberDay(policy: SpendPolicy): CompiledPolicy["dayAt"] {
  const timezone = timezoneOf(policy);
  let last: PolicyDay | undefined;
  return (instantMs) => {
    const calendar = calendarDayAt(timezone, instantMs);
    if (last?.calendar !== calendar) last = readDay(policy, calendar);
    return last;
  };
}

function readDay(policy: SpendPolicy, calendar: CalendarDay): PolicyDay {
  const { schedule, currency, daily_limit } = policy;
  const weekday = weekdayOf(calendar.date);
  const override = limitOverrideOf(schedule, weekday);
  return {
    weekday,
    calendar,
    openings: schedule && openingsOf(schedule, calendar),
    dailyLimit: readLimit(override?.daily_limit ?? daily_limit, currency),
    isOverridden: override !== undefined,
  };
}

function readLimit(text: string | undefined, currency: string): Limit | undefined {
  if (text === undefined) return undefined;
  const minor = parseAmount(text, currency);
  return { minor, text: `${formatAmount(minor, currency)} ${currency}` };
}

function readDomain(domain: string): string {
  const prefix = domain.startsWith("*.") ? "*." : "";
  const host = parseHost(domain.slice(prefix.length));
  if (host === undefined) throw new RangeError("Expected a host, for example api.example.com.");
  return prefix + host;
}

function setOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && new Set(names);
}
