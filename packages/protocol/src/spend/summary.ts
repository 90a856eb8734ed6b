import { LIMITS } from "../limits.js";
import { formatAmount, parseAmount } from "./amount.js";
import { timezoneOf } from "./compile.js";
import { type SpendPolicy, type SpendSchedule, WEEKDAYS, type Weekday } from "./policy.js";
import { type DayPlan, limitOverrideOf, minutesOf, planOf } from "./schedule.js";

/**
 * What a policy means, in plain English, a sentence each. The order and the words are stable, so that
 * two summaries can be compared.
 *
 * @throws {AmountError} for a policy that {@link validateSpendPolicy} refuses.
 */
export function summarizeSpendPolicy(policy: SpendPolicy): readonly string[] {
  return [
    `Money is counted in ${policy.currency}, by days of ${timezoneOf(policy)}.`,
    ...tellLimits(policy),
    ...tellCategories(policy),
    ...tellPayees(policy),
    ...tellSchedule(policy),
    ...tellX402(policy),
    ...tellApproval(policy),
  ];
}

function tellLimits(policy: SpendPolicy): readonly string[] {
  const amounts = join([
    when(policy.per_request_limit, (text) => `${money(text, policy)} for one purchase`),
    when(policy.daily_limit, (text) => `${money(text, policy)} a day`),
    when(policy.weekly_limit, (text) => `${money(text, policy)} a week`),
    when(policy.monthly_limit, (text) => `${money(text, policy)} a month`),
    when(policy.total_limit, (text) => `${money(text, policy)} in all`),
  ]);
  const counts = join([
    when(policy.requests_per_minute, (count) => `${number(count)} in 60 seconds`),
    when(policy.requests_per_hour, (count) => `${number(count)} in 60 minutes`),
  ]);
  return [
    ...(amounts === "" ? [] : [`At most ${amounts}.`]),
    ...tellLimitsOfDays(policy),
    ...(counts === "" ? [] : [`At most this many purchases: ${counts}.`]),
  ];
}

function tellLimitsOfDays(policy: SpendPolicy): readonly string[] {
  const limits = groupDays((day) => limitOverrideOf(policy.schedule, day)?.daily_limit ?? "");
  return limits
    .filter(({ value }) => value !== "")
    .map(({ days, value }) => `${days} at most ${money(value, policy)} a day instead.`);
}

function tellCategories(policy: SpendPolicy): readonly string[] {
  const { allowed_categories: allowed, blocked_categories: blocked } = policy;
  const unknown =
    policy.unknown_category === "reject"
      ? "A purchase in an unknown category is refused."
      : "A purchase in an unknown category goes to a person.";
  return [
    ...(allowed ? [`Only for ${listed(allowed, "or")}.`] : []),
    ...(blocked ? [`Nothing for ${listed(blocked, "or")}.`] : []),
    // What is not on the list is refused before anybody could be asked.
    ...(allowed ? [] : [unknown]),
  ];
}

function tellPayees({
  allowed_payees: allowed,
  blocked_payees: blocked,
}: SpendPolicy): readonly string[] {
  return [
    ...(allowed ? [`Only to ${listed(allowed, "or")}.`] : []),
    ...(blocked ? [`Nothing to ${listed(blocked, "or")}.`] : []),
    ...(allowed || blocked ? ["A purchase that names no payee is refused."] : []),
  ];
}

function tellSchedule(policy: SpendPolicy): readonly string[] {
  const { schedule } = policy;
  if (schedule === undefined) return [];
  const hours = groupDays((day) => tellPlan(planOf(schedule, day)));
  const sentences = hours.map(({ days, value }) => `${days} money may be spent ${value}.`);
  return crossesMidnight(schedule)
    ? [...sentences, "Hours over midnight belong to the day on which they begin."]
    : sentences;
}

function crossesMidnight(schedule: SpendSchedule): boolean {
  return WEEKDAYS.map((day) => planOf(schedule, day)).some(
    (plan) =>
      plan.open === "windows" && plan.windows.some((window) => minutesOf(window).to > 24 * 60),
  );
}

function tellPlan(plan: DayPlan): string {
  if (plan.open === "windows") return listed(plan.windows, "and");
  return plan.open === "always" ? "at any time" : "at no time";
}

function tellX402(policy: SpendPolicy): readonly string[] {
  const { x402 } = policy;
  if (x402 === undefined) return [];
  const rules = join([
    when(x402.max_per_request, (text) => `at most ${money(text, policy)} each`),
    when(x402.allowed_networks, (names) => `only on ${listed(names, "or")}`),
    when(x402.allowed_assets, (names) => `only in ${listed(names, "or")}`),
    when(x402.allowed_domains, (names) => `only to ${listed(names, "or")}`),
    when(x402.blocked_domains, (names) => `never to ${listed(names, "or")}`),
  ]);
  return rules === "" ? [] : [`Payments by HTTP 402: ${rules}.`];
}

function tellApproval(policy: SpendPolicy): readonly string[] {
  const minutes = policy.expiry_minutes ?? LIMITS.defaultPurchaseExpiryMinutes;
  const tolerance = policy.confirm_tolerance;
  return [
    tellAutoApprove(policy),
    ...tellThreshold(policy),
    `A person has ${number(minutes)} minutes to decide.`,
    ...(tolerance === undefined || parseAmount(tolerance, policy.currency) === 0n
      ? []
      : [`Up to ${money(tolerance, policy)} more than was approved may be confirmed.`]),
  ];
}

function tellAutoApprove(policy: SpendPolicy): string {
  const { auto_approve: auto } = policy;
  if (auto?.enabled !== true) return "Every purchase goes to a person.";
  const amount = auto.max_amount === undefined ? "" : ` up to ${money(auto.max_amount, policy)}`;
  const categories = auto.categories ? ` for ${listed(auto.categories, "or")}` : "";
  return `Purchases${amount || " of any amount"}${categories} need nobody.`;
}

function tellThreshold(policy: SpendPolicy): readonly string[] {
  const { approval_threshold: threshold } = policy;
  if (threshold === undefined) return [];
  const quorum = threshold.quorum ?? 1;
  const people = quorum === 1 ? "one person" : `${quorum} people`;
  const role = threshold.role === undefined ? "" : ` of the role ${threshold.role}`;
  const verb = quorum === 1 ? "has" : "have";
  return [`Above ${money(threshold.amount, policy)} ${people}${role} ${verb} to approve.`];
}

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

/** Days of which the same is to be said, in the order of the first of each. */
function groupDays(describe: (day: Weekday) => string): { days: string; value: string }[] {
  const values = [...new Set(WEEKDAYS.map(describe))];
  return values.map((value) => {
    const days = WEEKDAYS.filter((day) => describe(day) === value).map((day) => DAY_NAMES[day]);
    return {
      value,
      days: days.length === WEEKDAYS.length ? "Every day" : `On ${listed(days, "and")}`,
    };
  });
}

const LISTED_AT_MOST = 12;

function listed(names: readonly string[], word: "and" | "or"): string {
  const shown = names.slice(0, LISTED_AT_MOST);
  const rest = names.length - shown.length;
  const all = rest === 0 ? shown : [...shown, `${rest} more`];
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} ${word} ${last}`;
}

function money(text: string, { currency }: SpendPolicy): string {
  const [whole = "", fraction] = formatAmount(parseAmount(text, currency), currency).split(".");
  return `${number(BigInt(whole))}${fraction === undefined ? "" : `.${fraction}`} ${currency}`;
}

function number(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function when<T>(value: T | undefined, tell: (value: T) => string): string {
  return value === undefined ? "" : tell(value);
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}
